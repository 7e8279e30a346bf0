"""Reads of notices: whom one would reach, how far it got, and whose link was opened."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.core import signing
from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from core.text import vietnamese_key
from core.vietnam import shown_phone
from fairs.models import Delivery, Fair, Notice, PavilionBooth
from fairs.states import PUBLIC, DeliveryState, FairState
from registry.models import Organisation, Place, Product, ProductGroup
from registry.queries import province_of

# A link in a letter that was sent once has to work for good, so it has no date in it.
SIGNER = signing.Signer(salt="fairs.unsubscribe")


class Who(TextChoices):
    """How the groups, places and past fairs of an audience are taken together."""

    ANY = "any", _("Producers who fit at least one of these")
    ALL = "all", _("Producers who fit all of these")
    EVERY = "every", _("Every producer")


@dataclass(frozen=True)
class Audience:
    """Whom a notice is for: codes of product groups, of places and of past fairs."""

    who: str = Who.EVERY
    groups: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    past_fairs: tuple[str, ...] = ()

    @property
    def is_chosen(self) -> bool:
        """Whether it says anything: an empty choice is nobody, never everybody."""
        return self.who == Who.EVERY or bool(self.groups or self.places or self.past_fairs)

    def facts(self) -> dict[str, Any]:
        """The audience as plain values; what every producer gets has no choice in it."""
        if self.who == Who.EVERY:
            return {"who": str(Who.EVERY)}
        return {
            name: list(value) if isinstance(value, tuple) else str(value)
            for name, value in asdict(self).items()
        }


Pairs = Iterable[tuple[int, int]]
Teller = Callable[[Collection[int]], Pairs]
TELLERS: list[Teller] = []


def tells_who_took_part(teller: Teller) -> Teller:
    """Register what tells, of the fairs with these keys, who took part: (fair, organisation).

    The app to the right of this one owns the booths of a fair.
    """
    TELLERS.append(teller)
    return teller


@tells_who_took_part
def _in_pavilions(fairs: Collection[int]) -> Pairs:
    """The producers whom a guest province brought, where the office knows them."""
    booths = PavilionBooth.objects.filter(pavilion__fair__in=fairs, organisation__isnull=False)
    return booths.values_list("pavilion__fair", "organisation")


def _taken_part(fairs: Collection[int]) -> dict[int, set[int]]:
    """Of each of these fairs, by key, the organisations that took part."""
    found: dict[int, set[int]] = defaultdict(set)
    for teller in TELLERS:
        for fair, organisation in teller(fairs):
            found[fair].add(organisation)
    return found


def reached(audience: Audience) -> QuerySet[Organisation]:
    """The producers that the audience takes in, each once, by name."""
    producers = Organisation.objects.filter(is_producer=True).order_by("name", "pk")
    if audience.who == Who.EVERY:
        return producers
    wanted = []
    if audience.groups:
        group = Q(group__code__in=audience.groups, group__successor__isnull=True)
        older = Q(group__successor__code__in=audience.groups)
        wanted.append(Q(pk__in=Product.objects.filter(group | older).values("producer")))
    if audience.places:
        wanted.append(Q(place__in=_places_in(audience.places)))
    if audience.past_fairs:
        fairs = Fair.objects.filter(code__in=audience.past_fairs).values_list("pk", flat=True)
        came: set[int] = set().union(*_taken_part(list(fairs)).values())
        wanted.append(Q(pk__in=came))
    if not wanted:
        return producers.none()
    return producers.filter(reduce(and_ if audience.who == Who.ALL else or_, wanted))


def _places_in(codes: Collection[str]) -> set[int]:
    """The keys of these places and of all that lies in them."""
    children: dict[int | None, list[int]] = defaultdict(list)
    inside: list[int] = []
    for key, code, parent in Place.objects.order_by("pk").values_list("pk", "code", "parent"):
        children[parent].append(key)
        if code in codes:
            inside.append(key)
    found: set[int] = set()
    while inside:
        key = inside.pop()
        if key not in found:
            found.add(key)
            inside += children[key]
    return found


@dataclass(frozen=True)
class Reach:
    """How many an audience takes in, and how each of them would get the notice."""

    matched: int
    by_email: int
    on_paper: int
    unsubscribed: int


def reach_of(audience: Audience) -> Reach:
    """Counted in the database, at once."""
    leaves, has_email = Q(unsubscribed_at__isnull=False), ~Q(email="")
    counts = reached(audience).aggregate(
        matched=Count("pk"),
        by_email=Count("pk", filter=~leaves & has_email),
        on_paper=Count("pk", filter=~leaves & ~has_email),
        unsubscribed=Count("pk", filter=leaves),
    )
    return Reach(**counts)


def readers_of(audience: Audience, limit: int = 100) -> list[Organisation]:
    """The first of those who would get it by e-mail, to read it as one of them."""
    by_email = reached(audience).exclude(email="").filter(unsubscribed_at=None)
    return list(by_email[:limit])


@dataclass(frozen=True)
class Offer:
    """Something to choose by, with how many producers it takes in; a place with what is in it."""

    code: str
    name: str
    producers: int
    parts: tuple["Offer", ...] = ()


def groups_on_offer() -> list[Offer]:
    """The product groups in force, each with its producers."""
    makers: dict[int, set[int]] = defaultdict(set)
    for group, older, producer in Product.objects.order_by().values_list(
        "group", "group__successor", "producer"
    ):
        makers[older or group].add(producer)
    groups = ProductGroup.objects.filter(successor=None, valid_to=None)
    return [Offer(group.code, group.name, len(makers[group.pk])) for group in groups]


def places_on_offer() -> list[Offer]:
    """Provinces, and in each the places that producers are at, by name."""
    counts = dict(
        Organisation.objects.filter(is_producer=True)
        .order_by()
        .values_list("place")
        .annotate(Count("pk"))
    )
    within: dict[Place, list[Offer]] = defaultdict(list)
    in_province: Counter[Place] = Counter()
    for place in Place.objects.filter(pk__in=counts).select_related("parent__parent__parent"):
        province = province_of(place)
        in_province[province] += counts[place.pk]
        if place != province:
            within[province].append(Offer(place.code, place.name, counts[place.pk]))
    return _by_name(
        Offer(province.code, province.name, number, tuple(_by_name(within[province])))
        for province, number in in_province.items()
    )


def _by_name(offers: Iterable[Offer]) -> list[Offer]:
    return sorted(offers, key=lambda offer: (vietnamese_key(offer.name), offer.code))


def past_fairs_on_offer(fair: Fair) -> list[Offer]:
    """The fairs before this one of which it is known who took part, newest first."""
    earlier = Fair.objects.filter(state__in=PUBLIC, first_day__lt=fair.first_day)
    earlier = earlier.exclude(pk=fair.pk).exclude(state=FairState.CANCELLED)
    fairs = {past.pk: past for past in earlier.order_by("-first_day", "pk")}
    came = _taken_part(fairs.keys())
    return [
        Offer(past.code, f"{past.shown_title} ({past.first_day:%m/%Y})", len(came[key]))
        for key, past in fairs.items()
        if key in came
    ]


def notices_of(fair: Fair) -> QuerySet[Notice]:
    """The fair's notices, newest first, each with how many deliveries are in each state."""
    counts: dict[str, Any] = {
        f"{state}_count": Count("deliveries", filter=Q(deliveries__state=state))
        for state in DeliveryState.values
    }
    rows = fair.notices.select_related("job", "sent_by").annotate(**counts)
    return rows.order_by("-number")


def notice_of(fair: Fair, number: int) -> Notice:
    """One notice of the fair. Raises Notice.DoesNotExist."""
    return notices_of(fair).get(number=number)


def next_number(fair: Fair) -> int:
    """What the fair's next notice will be called."""
    newest = fair.notices.order_by("-number").first()
    return newest.number + 1 if newest else 1


def deliveries_of(notice: Notice, state: str = "") -> QuerySet[Delivery]:
    """Whom the notice goes to, by name; those in one state, or all."""
    found = notice.deliveries.select_related("organisation")
    return found.filter(state=state) if state else found


@dataclass(frozen=True)
class Call:
    """Somebody to be told by hand, and where to go: the province, then the place in it."""

    organisation: Organisation
    province: Place
    delivery: Delivery

    @property
    def phone(self) -> str:
        """The number as people write it; empty if none is known."""
        return shown_phone(self.organisation.phone) if self.organisation.phone else ""


def calls_of(notice: Notice, *, has_failed: bool = False) -> list[Call]:
    """Who gets the notice on paper, by province, place and name.

    With `has_failed` also those whom no e-mail reached.
    """
    states = [DeliveryState.ON_PAPER, *([DeliveryState.FAILED] if has_failed else [])]
    rows = notice.deliveries.filter(state__in=states)
    calls = [
        Call(row.organisation, province_of(row.organisation.place), row)
        for row in rows.select_related("organisation__place__parent__parent__parent")
    ]
    return sorted(
        calls,
        key=lambda call: tuple(
            vietnamese_key(str(each))
            for each in (call.province, call.organisation.place, call.organisation)
        ),
    )


def sign(organisation: Organisation) -> str:
    """What stands in this organisation's own link, and nobody else can make."""
    return SIGNER.sign(organisation.code)


def organisation_behind(signed: str) -> Organisation:
    """Whose link it is. Raises Organisation.DoesNotExist for one that we did not make."""
    try:
        code = SIGNER.unsign(signed)
    except signing.BadSignature as error:
        raise Organisation.DoesNotExist from error
    return Organisation.objects.get(code=code)
