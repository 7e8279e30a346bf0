"""How an allocation is asked for again, and where a stand is moved to."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booths.models import AllocationRun
from booths.queries.compare import default_previous
from core.text import clean

# Points for each stand that stays where it was; a first wish is worth 30, a point of priority 100.
KEEPS = {"off": 0, "prefer": 30, "strongly": 300}


class StartForm(forms.Form):
    """How much an earlier plan binds the next run."""

    use_required_attribute = False
    keep = forms.ChoiceField(
        label=_("Keep earlier places"),
        required=False,
        initial="off",
        widget=forms.RadioSelect,
        choices=[
            ("off", _("Off: the best plan, whoever has to move for it")),
            ("prefer", _("Prefer: a stand stays if that costs no more than a first wish (30)")),
            (
                "strongly",
                _("Strongly: a stand stays unless three points of priority are gained (300)"),
            ),
        ],
        error_messages={"invalid_choice": _("Choose off, prefer or strongly.")},
    )
    previous = forms.TypedChoiceField(
        label=_("Places of"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("This run has no result to keep.")},
    )

    def __init__(self, data: Any = None, *, runs: Sequence[AllocationRun]) -> None:
        self.runs = {run.number: run for run in runs}
        first = default_previous(list(runs))
        super().__init__(data, initial={"keep": "off", "previous": first and first.number})
        field = self.fields["previous"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (run.number, _("Run %(number)d (%(state)s)") % _words(run)) for run in runs
        ]

    @property
    def keeping(self) -> dict[str, Any]:
        """The keywords of `actions.start_allocation`."""
        stability = KEEPS[self.cleaned_data["keep"] or "off"]
        chosen: int | None = self.cleaned_data["previous"]
        run = self.runs[chosen] if chosen else default_previous(list(self.runs.values()))
        return {"stability": stability, "previous": run} if stability and run else {}


def _words(run: AllocationRun) -> dict[str, Any]:
    return {"number": run.number, "state": run.get_state_display().lower()}


class MoveForm(forms.Form):
    """One stand, its new place or none, and why."""

    use_required_attribute = False
    application = forms.CharField(max_length=12, widget=forms.HiddenInput)
    to = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Stands in the public protocol, so without private matters."),
        error_messages={"required": _("Say why: it stands in the public protocol.")},
    )

    def clean_reason(self) -> str:
        return clean(self.cleaned_data["reason"])

    @property
    def booths(self) -> tuple[str, ...] | None:
        """The new place; None to take the stand out."""
        return tuple(self.cleaned_data["to"].split()) or None
