"""What is filled in at the planner."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ShiftForm(forms.Form):
    """The days on which a fair is to be held instead."""

    first_day = forms.DateField(label=_("New first day"), help_text=_("dd/mm/yyyy"))
    last_day = forms.DateField(
        label=_("New last day"),
        help_text=_("Left empty, the fair is as long as before."),
        required=False,
    )


class ConfirmShiftForm(ShiftForm):
    """The same with the version of the fair that the reader looked at."""

    version = forms.IntegerField(min_value=1)
