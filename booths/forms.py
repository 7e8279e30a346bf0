"""What a reviewer fills in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booths.states import ApplicationState
from core.text import clean


class ReviewForm(forms.Form):
    """The decision on one or more applications, and the reason of a refusal."""

    to = forms.ChoiceField(
        choices=[
            (state.value, state.label)
            for state in (ApplicationState.ELIGIBLE, ApplicationState.REFUSED)
        ]
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("The producer reads this."),
    )

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])

    def decision(self) -> dict[str, Any]:
        """The keywords of `actions.review_applications`."""
        return {"to": self.cleaned_data["to"], "reason": self.cleaned_data["reason"]}
