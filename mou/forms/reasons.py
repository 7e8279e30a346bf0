"""Why something is undone, and what was seen when a button was pressed."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from mou.forms.drawing import LARGEST, LineField


class ReasonForm(forms.Form):
    """Why a memorandum is reopened or given up."""

    reason = LineField(label=_("Reason"), max_length=300)


class _RevisionForm(forms.Form):
    revision = forms.IntegerField(min_value=1, max_value=LARGEST, required=False)


def seen_revision(request: HttpRequest) -> int | None:
    """The revision that was on the page whose button was pressed; 0 if it is no number."""
    form = _RevisionForm(request.POST)
    return form.cleaned_data["revision"] if form.is_valid() else 0
