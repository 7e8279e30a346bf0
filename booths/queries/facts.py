"""Reads: what the records say about applicants, and the priorities that follow from it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Sum

from booths.models import (
    Application,
    Assignment,
    CriterionScore,
    DailyTakings,
    ReviewRules,
)
from booths.priority import USUAL, Facts, Formula, Part, formula_of, parts_of, priority_of
from booths.rules import is_presence_known
from booths.states import ApplicationState
from fairs.models import Fair
from fairs.states import FairState
from registry.models import Certification, Place

# Those whose fair gave out its booths: they were placed, or lost out.
DECIDED = (ApplicationState.PLACED, ApplicationState.WAITING_LIST)
# Those that can be judged: sent in and not taken back.
JUDGED = (ApplicationState.SUBMITTED, ApplicationState.ELIGIBLE, ApplicationState.REFUSED)

Pairs = Iterable[tuple[int, int]]
Teller = Callable[[Collection[int]], Pairs]
TELLERS: list[Teller] = []


def tells_who_came(teller: Teller) -> Teller:
    """Register what tells, of the fairs with these keys, who was seen there: (fair, organisation).

    An app to the right of this one registers what it knows, such as badges read at a gate.
    """
    TELLERS.append(teller)
    return teller


@tells_who_came
def _sold_something(fairs: Collection[int]) -> Pairs:
    """Those of whose stand takings were written down. One query."""
    rows = DailyTakings.objects.filter(application__fair__in=fairs).order_by()
    return rows.values_list("application__fair", "application__organisation").distinct()


@dataclass(frozen=True)
class History:
    """An organisation's past at the office's fairs; `lost_out` is the fair where it did last time.

    `no_shows` are the fairs where it held a stand and nothing shows that it came.
    """

    is_first_time: bool = True
    lost_out: Fair | None = None
    no_shows: tuple[Fair, ...] = ()


def histories_of(
    fair: Fair, organisations: Collection[int], *, today: date
) -> defaultdict[int, History]:
    """What came of these organisations' applications at earlier fairs. At most four queries."""
    held = Assignment.objects.filter(application=OuterRef("pk"), released_at__isnull=True)
    rows = (
        Application.objects.filter(organisation__in=organisations, state__in=DECIDED)
        .filter(fair__first_day__lt=fair.first_day)
        .exclude(fair__state=FairState.CANCELLED)
        .exclude(fair=fair)
        .annotate(is_held=Exists(held))
        .order_by("fair__first_day", "pk")
        .values_list("organisation", "fair", "state", "is_held")
    )
    past: dict[int, list[tuple[int, str, bool]]] = defaultdict(list)
    for organisation, key, state, is_held in rows:
        past[organisation].append((key, state, is_held))
    fairs = Fair.objects.in_bulk({key for each in past.values() for key, *_rest in each})
    over = [key for key, each in fairs.items() if each.end < today]
    came = _came_to(over)
    found: defaultdict[int, History] = defaultdict(History)
    for organisation, each in past.items():
        last, last_state, _is_held = each[-1]
        found[organisation] = History(
            is_first_time=not any(is_held for _key, _state, is_held in each),
            lost_out=fairs[last] if last_state == ApplicationState.WAITING_LIST else None,
            no_shows=tuple(
                fairs[key]
                for key, _state, is_held in each
                if is_held and key in came and organisation not in came[key]
            ),
        )
    return found


def _came_to(fairs: Collection[int]) -> dict[int, set[int]]:
    """Who was seen at those of the fairs where presence was recorded well enough to judge by."""
    seen: dict[int, set[int]] = defaultdict(set)
    for teller in TELLERS:
        for fair, organisation in teller(fairs):
            seen[fair].add(organisation)
    holding: dict[int, set[int]] = defaultdict(set)
    live = Assignment.objects.filter(application__fair__in=seen, released_at__isnull=True)
    for fair, organisation in live.values_list("application__fair", "application__organisation"):
        holding[fair].add(organisation)
    return {
        fair: came
        for fair, came in seen.items()
        if is_presence_known(stands=len(holding[fair]), seen=len(holding[fair] & came))
    }


def rules_of(fair: Fair) -> tuple[Formula, int]:
    """The fair's formula and the version of its rules, 0 as long as nobody has written any."""
    row = ReviewRules.objects.filter(fair=fair).first()
    if row is None:
        return USUAL, 0
    return formula_of(row.formula) if row.formula else USUAL, row.version


def averages_of(applications: Collection[int]) -> dict[int, Decimal]:
    """The reviewers' weighted average, 0 to 10, of each of these applications that has scores."""
    scores = CriterionScore.objects.filter(application__in=applications).order_by()
    weight = F("criterion__weight")
    found = scores.values_list("application").annotate(
        points_total=Sum(F("points") * weight), weight_total=Sum(weight)
    )
    return {key: Decimal(points) / total for key, points, total in found}


@dataclass(frozen=True)
class Priority:
    """The priority of an application by a formula, beside the one that is stored."""

    application: Application
    parts: list[Part]

    @property
    def points(self) -> int:
        return priority_of(self.parts)

    @property
    def is_changed(self) -> bool:
        stored = [tuple(part) for part in self.application.priority_parts]
        return (self.points, self.parts) != (self.application.priority, stored)


def judged_in(fair: Fair) -> QuerySet[Application]:
    """The fair's applications whose priority follows the formula, with their organisations."""
    rows = Application.objects.filter(fair=fair, state__in=JUDGED)
    return rows.select_related("organisation").order_by("-priority", "code")


def priorities_of(
    fair: Fair, applications: Collection[Application], formula: Formula, *, today: date
) -> list[Priority]:
    """What the formula makes of these applications. As many queries for one as for all.

    The reviewers' points count once an application is decided on: before, they may change, and
    nobody is to read the average in the priority before having scored.
    """
    keys = [each.pk for each in applications]
    organisations = [each.organisation_id for each in applications]
    histories = histories_of(fair, organisations, today=today)
    stars, averages, above = _best_stars(keys, fair.end), averages_of(keys), _places_above()
    found = []
    for each in applications:
        history = histories[each.organisation_id]
        facts = Facts(
            stars=stars.get(each.pk, 0),
            kind=each.organisation.actor_type,
            is_first_time=history.is_first_time,
            lost_out=history.lost_out is not None,
            places=above[each.organisation.place_id],
            score=None if each.state == ApplicationState.SUBMITTED else averages.get(each.pk),
        )
        found.append(Priority(each, parts_of(formula, facts)))
    return found


def _best_stars(applications: Collection[int], day: date) -> dict[int, int]:
    """The stars of the best product brought whose mark may be used on the day."""
    valid = Certification.objects.filter(
        product__applications__in=applications,
        stars__gte=3,
        decision_date__lte=day,
        valid_until__gte=day,
        withdrawn_on__isnull=True,
    )
    return dict(valid.order_by().values_list("product__applications").annotate(Max("stars")))


def _places_above() -> Mapping[int, frozenset[str]]:
    """Of each place, by key, its own code and those of all that it lies in. One query."""
    places = {key: (code, parent) for key, code, parent in _place_rows()}

    def above(key: int) -> frozenset[str]:
        codes: list[str] = []
        at: int | None = key
        while at is not None:
            code, at = places[at]
            codes.append(code)
        return frozenset(codes)

    return {key: above(key) for key in places}


def _place_rows() -> Iterable[tuple[int, str, int | None]]:
    return Place.objects.order_by().values_list("pk", "code", "parent")
