"""Reads: the questions of a memorandum, whom they go to, and what came of it all."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from fairs.queries import fairs_of
from mou.models import FollowUp, Memorandum, Party, SignerRole
from mou.states import GENUINE
from registry.models import Organisation, Representative

# With fewer memoranda than this a share would tell what single parties answered.
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Contact:
    """Whom one side is written to: an empty `email` means by telephone."""

    name: str
    phone: str
    email: str
    language: str


def contact_of(memorandum: Memorandum, side: str) -> Contact:
    """Who is asked for one side: the memorandum's own address, else the organisation's, else the
    first person who acts for it."""
    party = Party.objects.select_related("organisation").get(memorandum=memorandum, side=side)
    people = Representative.objects.filter(organisation=party.organisation).select_related("user")
    user = next((each.user for each in people.order_by("pk") if each.user.email), None)
    email = party.email or party.organisation.email or (user.email if user else "") or ""
    language = user.language if user and user.email == email else "vi"
    return Contact(party.representative or party.name, party.phone, email, language)


def follow_ups() -> QuerySet[FollowUp]:
    """All questions with what a page says of them."""
    parties = Party.objects.select_related("organisation").order_by("side")
    return FollowUp.objects.select_related("memorandum__fair").prefetch_related(
        Prefetch("memorandum__parties", parties)
    )


def follow_up_with(token: str) -> FollowUp:
    """The question of a link. Raises FollowUp.DoesNotExist."""
    return follow_ups().get(token=token)


def own_follow_ups(actor: Any) -> QuerySet[FollowUp]:
    """The questions that are open now for the sides that `actor` acts for."""
    today = timezone.localdate()
    own = Q()
    for side in (SignerRole.PARTY_A, SignerRole.PARTY_B):
        parties = Party.objects.filter(side=side, organisation__representatives__user=actor)
        own |= Q(side=side, memorandum__in=parties.values("memorandum"))
    return follow_ups().filter(
        own, due_on__lte=today, closes_on__gt=today, memorandum__state__in=GENUINE
    )


WAYS = ("due", "overdue", "answered", "later")


def desk_follow_ups(
    actor: Any, *, way: str = "", fair: str = "", distributor: str = ""
) -> QuerySet[FollowUp]:
    """The questions of the fairs that `actor` sees at the desk.

    `way` is one of WAYS (overdue: a week after the day), `fair` a code, `distributor` a code.
    """
    today = timezone.localdate()
    found = follow_ups().filter(
        memorandum__fair__in=fairs_of(actor).values("pk"), memorandum__state__in=GENUINE
    )
    if fair:
        found = found.filter(memorandum__fair__code=fair)
    if distributor:
        sides = Party.objects.filter(side=SignerRole.PARTY_B, organisation__code=distributor)
        found = found.filter(memorandum__in=sides.values("memorandum"))
    waits = Q(answered_at__isnull=True, due_on__lte=today)
    week = date.fromordinal(today.toordinal() - 7)
    ways = {
        "due": waits & Q(closes_on__gt=today),
        "overdue": waits & Q(due_on__lte=week),
        "answered": Q(answered_at__isnull=False),
        "later": Q(due_on__gt=today),
    }
    return found.filter(ways[way]) if way in ways else found


def asked_distributors(actor: Any) -> QuerySet[Organisation]:
    """The distributors that the desk's list can be narrowed to."""
    parties = Party.objects.filter(
        side=SignerRole.PARTY_B,
        memorandum__fair__in=fairs_of(actor).values("pk"),
        memorandum__follow_ups__isnull=False,
    )
    return Organisation.objects.filter(pk__in=parties.values("organisation")).order_by("name")


def to_be_called(actor: Any) -> list[tuple[FollowUp, Party]]:
    """Those to be asked by telephone: due, not answered, and no address to write to."""
    found = []
    for row in desk_follow_ups(actor, way="due").prefetch_related(
        "memorandum__parties__organisation__representatives__user"
    ):
        party = party_of(row)
        people = party.organisation.representatives.all()
        if (
            not party.email
            and not party.organisation.email
            and not any(p.user.email for p in people)
        ):
            found.append((row, party))
    return found


def party_of(row: FollowUp) -> Party:
    """The side that is asked."""
    return next(party for party in row.memorandum.parties.all() if party.side == row.side)


@dataclass
class Outcome:
    """What came of a group of memoranda."""

    name: str
    memoranda: int = 0
    asked: int = 0
    contracts: int = 0
    contradictions: list[str] = field(default_factory=list)

    @property
    def share(self) -> int | None:
        """Contracts for every hundred memoranda that were asked about; None for none."""
        return round(100 * self.contracts / self.asked) if self.asked else None


@dataclass(frozen=True)
class _Result:
    number: str
    is_asked: bool
    is_contract: bool
    is_contradicted: bool
    fair: str
    distributor: str


def _results(memoranda: QuerySet[Memorandum]) -> Iterable[_Result]:
    """Of each memorandum: a contract if either side ever said so; contradicted if the last
    answers of the two sides differ in it."""
    today = timezone.localdate()
    rows = memoranda.select_related("fair").prefetch_related("parties", "follow_ups")
    for row in rows:
        last: dict[str, bool] = {}
        questions = sorted(row.follow_ups.all(), key=lambda each: each.months)
        for each in questions:
            if each.answered_at is not None:
                last[each.side] = bool(each.has_contract)
        names = {party.side: party.name for party in row.parties.all()}
        yield _Result(
            number=row.shown_number,
            is_asked=any(each.due_on <= today for each in questions),
            is_contract=any(each.has_contract for each in questions if each.answered_at),
            is_contradicted=len(set(last.values())) == 2,
            fair=row.fair.short_title or row.fair.title,
            distributor=names.get(SignerRole.PARTY_B, ""),
        )


def outcomes(actor: Any) -> tuple[list[Outcome], list[Outcome]]:
    """What came of the memoranda that `actor` sees at the desk: by distributor, and by fair."""
    memoranda = Memorandum.objects.filter(fair__in=fairs_of(actor).values("pk"), state__in=GENUINE)
    by_distributor: dict[str, Outcome] = {}
    by_fair: dict[str, Outcome] = {}
    for result in _results(memoranda):
        for groups, name in ((by_distributor, result.distributor), (by_fair, result.fair)):
            group = groups.setdefault(name, Outcome(name))
            group.memoranda += 1
            group.asked += result.is_asked
            group.contracts += result.is_contract
            if result.is_contradicted:
                group.contradictions.append(result.number)
    return _sorted(by_distributor), _sorted(by_fair)


def _sorted(groups: dict[str, Outcome]) -> list[Outcome]:
    return sorted(groups.values(), key=lambda group: (-group.memoranda, group.name))


@dataclass(frozen=True)
class PublicOutcome:
    """What the public may know: `share` is None while it would tell too much."""

    memoranda: int
    share: int | None


def public_outcome() -> PublicOutcome:
    """All memoranda in the register, and how many of a hundred became contracts."""
    today = timezone.localdate()
    answers: dict[int, bool] = defaultdict(bool)
    asked = FollowUp.objects.filter(due_on__lte=today, memorandum__state__in=GENUINE)
    for memorandum, has_contract in asked.values_list("memorandum", "has_contract"):
        answers[memorandum] |= bool(has_contract)
    count = Memorandum.objects.filter(state__in=GENUINE).count()
    if len(answers) < SMALLEST_GROUP:
        return PublicOutcome(count, None)
    return PublicOutcome(count, round(100 * sum(answers.values()) / len(answers)))
