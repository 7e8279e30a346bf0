"""What is filled in at the planner."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ShiftForm(forms.Form):
    """The day on which a fair is to begin instead."""

    first_day = forms.DateField(label=_("New first day"), help_text=_("dd/mm/yyyy"))


class ConfirmShiftForm(ShiftForm):
    """The same with the version of the fair that the reader looked at."""

    version = forms.IntegerField(min_value=1)
