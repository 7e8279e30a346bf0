"""Two runs beside each other: what went in, what came out, as rows and as a table for Excel."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from booths.allocation.difference import InstanceDifference
from booths.models import AllocationRun, Application
from booths.queries.compare import Comparison
from booths.rendering.moves import stand_of
from booths.rendering.run import ShownRun
from core.sheet.writing import Cell, Heading, Sheet
from core.vietnam import shown_dates, shown_number

FIELDS: dict[str, Promise] = {
    "booths": gettext_lazy("booths wanted"),
    "group": gettext_lazy("product group"),
    "power_kw": gettext_lazy("power"),
    "water": gettext_lazy("water"),
    "cold": gettext_lazy("cold storage"),
    "cooking": gettext_lazy("cooking"),
    "priority": gettext_lazy("priority"),
    "wishes": gettext_lazy("wishes"),
    "kind": gettext_lazy("what is sold"),
    "traits": gettext_lazy("kind of organisation or place"),
    "pinned": gettext_lazy("fixed place"),
    "forbidden": gettext_lazy("booths ruled out"),
}
WEIGHTS: dict[str, Promise] = {
    "place": pgettext_lazy("weight", "place"),
    "wish": pgettext_lazy("weight", "wish"),
    "apart": pgettext_lazy("weight", "neighbours that sell the same"),
    "quota": pgettext_lazy("weight", "booth short of a quota"),
    "stability": pgettext_lazy("weight", "stand that is kept"),
}


@dataclass(frozen=True)
class ChangedInput:
    """An application that is not the same in both: `what` says how, in words."""

    code: str
    name: str
    what: str


def show_inputs(
    inputs: InstanceDifference, applications: Mapping[str, Application]
) -> list[ChangedInput]:
    """The applications in which two instances differ; `applications` are by code."""
    rows = []
    for code in inputs.applications:
        if code in inputs.added:
            what = _("takes part only in the later one")
        elif code in inputs.gone:
            row = applications.get(code)
            state = row.get_state_display().lower() if row else ""
            what = _("no longer takes part (%(state)s)") % {"state": state}
        else:
            fields = (str(FIELDS.get(name, name)) for name in inputs.changed[code])
            what = _("changed: %(fields)s") % {"fields": ", ".join(fields)}
        rows.append(ChangedInput(code, _name(code, applications), what))
    return rows


def show_rest(inputs: InstanceDifference) -> list[str]:
    """What else differs: the floor plan, the quotas, the seed, the weights."""
    said = [
        word
        for differs, word in (
            (inputs.is_plan, _("the floor plan")),
            (inputs.is_quotas, _("the quotas")),
            (inputs.is_seed, _("the lottery seed")),
        )
        if differs
    ]
    return said + [
        _("weight of “%(name)s”: %(first)d → %(second)d")
        % {"name": WEIGHTS.get(name, name), "first": first, "second": second}
        for name, (first, second) in inputs.weights.items()
    ]


def _name(code: str, applications: Mapping[str, Application]) -> str:
    return str(applications[code].organisation) if code in applications else code


@dataclass(frozen=True)
class ShownChange:
    """An application whose booths differ; `why` is the later run's reason if it has none there."""

    code: str
    name: str
    before: str
    after: str
    word: str
    tone: str
    why: str


def show_changes(
    comparison: Comparison, shown: ShownRun, applications: Mapping[str, Application]
) -> list[ShownChange]:
    """Everybody whose booths differ; `shown` is the later run."""
    whys = {each.application.code: each.why for each in shown.unplaced}
    words = {
        (True, True): (_("moved"), "info"),
        (False, True): (_("new place"), "ok"),
        (True, False): (_("no place any more"), "bad"),
    }
    return [
        ShownChange(
            change.id,
            _name(change.id, applications),
            stand_of(change.before or ()),
            stand_of(change.after or ()),
            *words[change.before is not None, change.after is not None],
            why=whys.get(change.id, ""),
        )
        for change in comparison.changes
    ]


@dataclass(frozen=True)
class Figure:
    """One figure of both runs; None where a run has none."""

    label: str
    first: int | str
    second: int | str

    @property
    def difference(self) -> int | None:
        """By how much the later run has more."""
        if isinstance(self.first, int) and isinstance(self.second, int):
            return self.second - self.first
        return None


def show_figures(comparison: Comparison) -> list[Figure]:
    """Score, bound, time, and who is placed."""
    first, second = comparison.first, comparison.second
    return [
        Figure(label, *(read(run) for run in (first, second)))
        for label, read in (
            (_("Score"), lambda run: _answer(run)["score"]),
            (_("Proven bound"), lambda run: _answer(run)["bound"]),
            (_("Below the bound"), lambda run: _answer(run)["bound"] - _answer(run)["score"]),
            (_("Placed"), lambda run: len(_answer(run)["assignments"])),
            (_("Not placed"), lambda run: len(_answer(run)["unplaced"])),
            (_("Moves by hand"), lambda run: len(run.moves)),
            (_("Seconds"), lambda run: _decimal(_answer(run)["seconds"])),
            (_("Version of the floor plan"), lambda run: str(run.plan.version)),
        )
    ]


def _decimal(number: float) -> str:
    return shown_number(Decimal(str(number)), get_language() or "vi")


def _answer(run: AllocationRun) -> dict[str, Any]:
    assert run.answer is not None
    return dict(run.answer)


def comparison_sheets(
    comparison: Comparison,
    changes: list[ShownChange],
    inputs: list[ChangedInput],
    *,
    actor: str,
) -> tuple[Sheet, ...]:
    """Who has other booths, the figures, and what went in otherwise."""
    fair = comparison.second.fair
    moment = f"{timezone.localtime():%H:%M %d/%m/%Y}"
    made = _("Made by %(name)s at %(moment)s") % {"name": actor, "moment": moment}
    numbers = {"first": comparison.first.number, "second": comparison.second.number}
    title = _("Runs %(first)d and %(second)d compared") % numbers
    lines = (fair.shown_title, shown_dates(fair.first_day, fair.end), title, made, "")
    first, second = (
        _("Run %(number)d") % {"number": run.number}
        for run in (comparison.first, comparison.second)
    )
    stands: list[list[Cell]] = [
        [each.code, each.name, each.before, each.after, each.word, each.why] for each in changes
    ]
    differing: list[list[Cell]] = [[each.code, each.name, each.what] for each in inputs]
    differing += [["", "", word] for word in show_rest(comparison.inputs)]
    application = (Heading(_("Application"), 16), Heading(_("Organisation"), 40))
    return (
        Sheet(
            name=_("Stands"),
            lines=lines,
            headings=(
                *application,
                Heading(first, 16),
                Heading(second, 16),
                Heading(_("What changed"), 18),
                Heading(_("Why"), 60),
            ),
            rows=stands,
        ),
        Sheet(
            name=_("Figures"),
            lines=lines,
            headings=(Heading("", 30), Heading(first, 16), Heading(second, 16)),
            rows=[[each.label, each.first, each.second] for each in show_figures(comparison)],
        ),
        Sheet(
            name=_("What went in"),
            lines=lines,
            headings=(*application, Heading(_("Difference"), 60)),
            rows=differing,
        ),
    )
