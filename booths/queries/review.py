"""Reads: the queue of those who decide on applications, scores, tags, quotas, what was told."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)

from booths.models import (
    Application,
    Criterion,
    CriterionScore,
    Decision,
    DecisionMessage,
    FloorPlan,
    Quota,
    ReviewNote,
    Tag,
)
from booths.priority import weighted_mean
from booths.queries.desk import applications_of, traits_of
from booths.queries.facts import History, histories_of
from booths.states import IN_RUN, LIVE, ApplicationState
from core import jobs
from core.text import vietnamese_key
from fairs.models import Fair
from registry.models import Place, Product, Representative
from registry.queries import province_of, with_certificate


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the queue is narrowed down to, and its order; codes of group and place, key of a tag."""

    search: str = ""
    state: str = ""
    group: str = ""
    place: str = ""
    tag: str = ""
    sort: str = ""
    lacks_certificate: bool = False
    is_unscored: bool = False
    is_no_show: bool = False


def queue_of(fair: Fair, wanted: Wanted, *, reviewer: Any, today: date) -> QuerySet[Application]:
    """The applications that fit; `is_unscored` are those that `reviewer` has not given points.

    Each has `is_own`: whether `reviewer` acts for the applicant.
    """
    found = applications_of(
        fair, search=wanted.search, state=wanted.state, group=wanted.group, sort=wanted.sort
    )
    if wanted.place:
        place = Q()
        for path in ("place", "place__parent", "place__parent__parent"):
            place |= Q(**{f"organisation__{path}__code": wanted.place})
        found = found.filter(place)
    if wanted.tag:
        found = found.filter(tags__key=wanted.tag)
    if wanted.lacks_certificate:
        found = found.filter(lacks_certificate=True)  # type: ignore[misc]
    if wanted.is_unscored:
        scores = CriterionScore.objects.filter(application=OuterRef("pk"), reviewer=reviewer)
        found = found.filter(~Exists(scores), state=ApplicationState.SUBMITTED)
    if wanted.is_no_show:
        applicants = set(found.values_list("organisation", flat=True))
        histories = histories_of(fair, applicants, today=today)
        missed = [key for key in applicants if histories[key].no_shows]
        found = found.filter(organisation__in=missed)
    own = Representative.objects.filter(user=reviewer, organisation=OuterRef("organisation"))
    return found.annotate(is_own=Exists(own))


@dataclass(frozen=True)
class Scoring:
    """What a reviewer may know of an application's points, 0 to 10.

    The average stays None until they have given their own, so that nobody leans on it.
    """

    own: Decimal | None = None
    average: Decimal | None = None
    reviewers: int = 0


def scorings_of(applications: Collection[Application], reviewer: Any) -> defaultdict[int, Scoring]:
    """The points of these applications as far as `reviewer` may know them. One query."""
    given: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    rows = CriterionScore.objects.filter(application__in=applications).values_list(
        "application", "reviewer", "points", "criterion__weight"
    )
    for key, who, points, weight in rows.order_by():
        given[key][who].append((points, weight))
    found: defaultdict[int, Scoring] = defaultdict(Scoring)
    for each in applications:
        by_reviewer = given.get(each.pk, {})
        own = by_reviewer.get(reviewer.pk)
        everybody = [pair for pairs in by_reviewer.values() for pair in pairs]
        is_open = own is not None or each.state != ApplicationState.SUBMITTED
        found[each.pk] = Scoring(
            own=weighted_mean(own) if own else None,
            average=weighted_mean(everybody) if everybody and is_open else None,
            reviewers=len(by_reviewer),
        )
    return found


def own_points(application: Application, reviewer: Any) -> dict[int, int]:
    """The points that `reviewer` gave, by the key of the criterion."""
    rows = CriterionScore.objects.filter(application=application, reviewer=reviewer)
    return dict(rows.values_list("criterion", "points"))


@dataclass(frozen=True)
class Row:
    """An application in the queue with what its reviewers go by."""

    application: Application
    products: tuple[Product, ...]
    tags: tuple[Tag, ...]
    history: History
    scoring: Scoring


def rows_of(
    fair: Fair, applications: list[Application], *, reviewer: Any, today: date
) -> list[Row]:
    """These of `queue_of` with all that is shown of them; of one's own neither tags nor points."""
    products = with_certificate(Product.objects.all(), fair.end)
    prefetch_related_objects(applications, Prefetch("products", queryset=products), "tags")
    organisations = [each.organisation_id for each in applications]
    histories = histories_of(fair, organisations, today=today)
    scorings = scorings_of(applications, reviewer)
    return [
        Row(
            each,
            tuple(each.products.all()),
            () if is_own else tuple(each.tags.all()),
            histories[each.organisation_id],
            Scoring() if is_own else scorings[each.pk],
        )
        for each in applications
        for is_own in [each.is_own]  # type: ignore[attr-defined]
    ]


def places_of_applicants(fair: Fair) -> list[tuple[str, str]]:
    """Code and name of each place that somebody applies from; a province before its communes."""
    rows = Application.objects.filter(fair=fair).exclude(state=ApplicationState.DRAFT)
    places = Place.objects.filter(pk__in=rows.values("organisation__place"))
    named: dict[str, tuple[str, str]] = {}
    for place in places.select_related("parent__parent__parent"):
        province = province_of(place)
        named[province.code] = (province.name, "")
        if place != province:
            named[place.code] = (province.name, place.name)
    ordered = sorted(named.items(), key=lambda row: tuple(map(vietnamese_key, row[1])))
    return [(code, " › ".join(filter(None, names))) for code, names in ordered]


def hall_of(fair: Fair) -> FloorPlan | None:
    """The current floor plan with its booths and the groups they take, and nothing else."""
    plans = FloorPlan.objects.filter(fair=fair, is_current=True)
    return plans.prefetch_related("booths__groups").first()


def criteria_of(fair: Fair) -> list[Criterion]:
    """The criteria that the fair's applications are scored by, in their order."""
    return list(Criterion.objects.filter(fair=fair))


def has_scores(fair: Fair) -> bool:
    """Whether anybody has given points at the fair: its criteria then stay as they are."""
    return CriterionScore.objects.filter(criterion__fair=fair).exists()


def tags_of(fair: Fair) -> QuerySet[Tag]:
    """The words in use at the fair."""
    return Tag.objects.filter(fair=fair)


def notes_of(application: Application) -> QuerySet[ReviewNote]:
    """What was noted about the application, oldest first."""
    return ReviewNote.objects.filter(application=application).select_related("author")


@dataclass(frozen=True)
class Standing:
    """How far a quota, or the hall as a whole, is filled, in booths.

    `approved` are those of accepted applications, `asked` of all that are not refused or taken
    back, `change` what a decision on the chosen ones would add. Without a trait it is the hall.
    """

    name: str
    approved: int
    asked: int
    minimum: int | None
    maximum: int | None
    change: int = 0
    trait: str = ""
    value: str = ""

    @property
    def after(self) -> int:
        return self.approved + self.change

    @property
    def tone(self) -> str:
        """`bad` above the maximum, `wait` below the minimum."""
        if self.maximum is not None and self.after > self.maximum:
            return "bad"
        return "wait" if self.minimum is not None and self.after < self.minimum else ""

    @property
    def range(self) -> str:
        """What it should come to: "20–30", "≥ 20", or the most alone: "30"."""
        if self.maximum is None:
            return f"≥ {self.minimum}" if self.minimum else ""
        return f"{self.minimum}–{self.maximum}" if self.minimum else str(self.maximum)


def standings_of(
    fair: Fair, *, booths: int | None, hall: str, chosen: Collection[str] = (), to: str = ""
) -> list[Standing]:
    """The hall of so many `booths` under the name `hall`, then each quota of the fair.

    With `chosen` codes, what deciding on them `to` that state would change. Two queries.
    """
    rows = [
        (application, traits_of(application))
        for application in Application.objects.filter(fair=fair)
        .filter(Q(state__in=LIVE) | Q(code__in=chosen))
        .select_related("group", "organisation__place__parent__parent")
    ]

    def count(name: str, least: int | None, most: int | None, trait: str, value: str) -> Standing:
        inside = [each for each, traits in rows if not trait or traits.get(trait) == value]
        approved = [each for each in inside if each.state in IN_RUN]
        decided = [each for each in inside if each.code in chosen]
        return Standing(
            name=name,
            approved=_booths(approved),
            asked=_booths(each for each in inside if each.state in LIVE),
            minimum=least,
            maximum=most,
            change=(_booths(decided) if to == ApplicationState.ELIGIBLE else 0)
            - _booths(each for each in decided if each.state in IN_RUN),
            trait=trait,
            value=value,
        )

    whole = [count(hall, None, booths, "", "")]
    quotas = Quota.objects.filter(fair=fair).order_by("pk")
    return whole + [
        count(quota.shown_name, quota.minimum, quota.maximum, quota.trait, quota.value)
        for quota in quotas
    ]


def _booths(applications: Iterable[Application]) -> int:
    return sum(each.booths_wanted for each in applications)


@dataclass(frozen=True)
class Reader:
    """How an applicant is told: an address, empty if none is known, and a language."""

    email: str = ""
    language: str = "vi"


@dataclass(frozen=True)
class Choice:
    """Applications that somebody has ticked, each with how its applicant is told."""

    applications: list[Application]
    readers: dict[int, Reader] = field(default_factory=dict)


def choice_of(fair: Fair, codes: Collection[str]) -> Choice:
    """The fair's applications with these codes, by priority, a producer's drafts left out.

    An applicant is written to at the organisation's address or its first representative's, in
    the language that this representative has chosen.
    """
    rows = Application.objects.filter(fair=fair, code__in=codes)
    rows = rows.exclude(state=ApplicationState.DRAFT).select_related(
        "fair", "group", "organisation__place__parent__parent"
    )
    return with_readers(list(rows.order_by("-priority", "code")))


def with_readers(applications: list[Application]) -> Choice:
    """These applications, each with how its applicant is told. One query."""
    acting = Representative.objects.filter(
        organisation__in=[each.organisation_id for each in applications], user__is_active=True
    )
    first: dict[int, Any] = {}
    for each in acting.select_related("user").order_by("pk"):
        first.setdefault(each.organisation_id, each.user)
    readers = {}
    for application in applications:
        user = first.get(application.organisation_id)
        readers[application.pk] = Reader(
            email=application.organisation.email or (user and user.email) or "",
            language=user.language if user else Reader.language,
        )
    return Choice(applications, readers)


def decisions_of(fair: Fair) -> QuerySet[Decision]:
    """What was decided at the fair, newest first, with how many were told in which way."""
    mailed = Q(messages__job__isnull=False)
    failed = Q(messages__job__state__in=(jobs.State.FAILED, jobs.State.CANCELLED))
    rows = Decision.objects.filter(fair=fair).select_related("decided_by")
    counted = rows.annotate(
        message_count=Count("messages"),
        email_count=Count("messages", filter=mailed),
        failed_count=Count("messages", filter=failed),
    )
    return counted.order_by("-number")


def decision_of(fair: Fair, number: int) -> Decision:
    """One decision of the fair. Raises Decision.DoesNotExist."""
    return decisions_of(fair).get(number=number)


def messages_of(decision: Decision) -> QuerySet[DecisionMessage]:
    """What each of them is told, by name."""
    rows = DecisionMessage.objects.filter(decision=decision)
    return rows.select_related("job", "application__organisation__place__parent__parent").order_by(
        "application__organisation__name", "pk"
    )
