"""The plan as a workbook: how it is written; `imports` and `imported_targets` read it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.sheet.writing import Cell, Heading, Sheet
from core.vietnam import shown_date
from fairs.forms.editing import label_of
from fairs.models import Attendance, Fair, FairKind, LegalBasis, Measure, Plan
from fairs.queries import Figure
from fairs.queries.editing import Choices

# The columns in their order, with their widths in characters.
COLUMNS = {
    "code": 18,
    "kind": 18,
    "title": 40,
    "title_en": 30,
    "short_title": 22,
    "register_code": 10,
    "first_day": 12,
    "last_day": 12,
    "venue": 26,
    "hall": 16,
    "team": 16,
    "regions": 24,
    "legal_basis": 20,
    "decision_number": 16,
    "applications_close_at": 17,
    "organiser": 24,
    "co_organiser": 24,
    "attendance": 16,
    "opens": 8,
    "closes": 8,
    "channel": 18,
    "channel_url": 24,
    "host": 24,
    "host_stand": 14,
    "delegation_size": 10,
}
NUMBERING = "STT"
SAMPLE = gettext_lazy("sample")


def sheet_of(plan: Plan, fairs: Sequence[Fair], choices: Choices, *, actor: str) -> Sheet:
    """The plan's fairs as a table, with who and when."""
    rows = [_cells(number, fair) for number, fair in enumerate(fairs, start=1)]
    return Sheet(
        name=_("Plan %(year)s") % {"year": plan.year},
        lines=(*_lines(plan), _printed(actor), ""),
        headings=_headings(choices),
        rows=rows,
        lists_name=_("Lists"),
    )


def target_labels() -> dict[str, str]:
    """What a target is called in a workbook, by `Target.name`; fairs also by kind."""
    labels = {}
    for measure in Measure:
        labels[measure.value] = str(measure.label)
        if measure == Measure.FAIRS:
            kinds = {f"{measure}-{kind}": f"{measure.label}: {kind.label}" for kind in FairKind}
            labels |= kinds
    return labels


def targets_sheet(plan: Plan, figures: Sequence[Figure], *, actor: str) -> Sheet:
    """What the plan is to reach and has reached, measure by measure; fairs also by kind."""
    known = {each.name: each for figure in figures for each in (figure, *figure.kinds)}
    rows: list[list[Cell]] = [
        [label, known[name].target, known[name].actual] if name in known else [label, None, 0]
        for name, label in target_labels().items()
    ]
    return Sheet(
        name=_("Targets"),
        lines=(*_lines(plan), _printed(actor), ""),
        headings=(
            Heading(_("Measure"), 44),
            Heading(_("Target"), 14),
            Heading(_("Reached"), 14),
        ),
        rows=rows,
    )


def template_of(plan: Plan, choices: Choices, *, actor: str) -> Sheet:
    """An empty table with a sample row, which the import leaves out, and notes."""
    sheet = sheet_of(plan, [], choices, actor=actor)
    first_day = date(plan.year, 12, 2)
    fair = Fair(
        kind=FairKind.TRADE_WEEK,
        title=_("Trade week of OCOP products (sample)"),
        short_title=_("Trade week (sample)"),
        register_code=f"TT{plan.year % 100:02}",
        first_day=first_day,
        last_day=first_day + timedelta(days=4),
        legal_basis=LegalBasis.CITY_PROGRAMME,
    )
    notes = (
        _("One row is one fair. The row marked “sample” is left out by the import."),
        _("Needed are the title and the first day. Days are written dd/mm/yyyy."),
        _("The code tells fairs apart: a row with the code of a fair changes that fair."),
        _("A row without a code is a new fair; its code is made of its title."),
        _("Several regions are separated by semicolons."),
        _("An empty cell empties the field; a column that is left out changes nothing."),
        _("Beside it the sheet “Targets” says what the plan is to reach: an empty target is none."),
        _("Nothing is written before you have seen what would change and confirmed it."),
    )
    row = [str(SAMPLE), *_cells(0, fair)[1:]]
    return replace(sheet, rows=[row], notes_name=_("Notes"), notes=notes)


def _lines(plan: Plan) -> tuple[str, str]:
    span = f"{shown_date(date(plan.year, 1, 1))}–{shown_date(date(plan.year, 12, 31))}"
    if plan.approved_at and plan.decision_date:
        decision = _("decision %(number)s of %(day)s") % {
            "number": plan.decision_number,
            "day": shown_date(plan.decision_date),
        }
        return plan.shown_title, f"{span}; {decision}"
    return plan.shown_title, span


def _printed(actor: str) -> str:
    now = timezone.localtime()
    return _("Made by %(name)s at %(moment)s") % {
        "name": actor,
        "moment": f"{now:%H:%M %d/%m/%Y}",
    }


def _headings(choices: Choices) -> tuple[Heading, ...]:
    offered = {
        "kind": [str(label) for label in FairKind.labels],
        "legal_basis": [str(label) for label in LegalBasis.labels],
        "attendance": [str(label) for label in Attendance.labels],
        "venue": [venue.name for venue in choices.venues.values()],
        "team": [team.name for team in choices.teams.values()],
    }
    return (
        Heading(NUMBERING, 5),
        *(
            Heading(label_of(name), width, tuple(offered.get(name, ())))
            for name, width in COLUMNS.items()
        ),
        Heading(label_of("state"), 16),
    )


def _cells(number: int, fair: Fair) -> list[Cell]:
    cells: list[Cell] = [number]
    for name in COLUMNS:
        value = getattr(fair, name)
        if name in ("kind", "legal_basis", "attendance"):
            value = str(getattr(fair, f"get_{name}_display")())
        elif name == "regions":
            value = "; ".join(fair.shown_regions)
        elif isinstance(value, datetime):
            value = timezone.make_naive(value)
        elif isinstance(value, time):
            value = f"{value:%H:%M}"
        elif value is not None and not isinstance(value, date):
            value = str(value)
        cells.append(value)
    return [*cells, str(fair.get_state_display())]
