"""Reads of a fair's programme: sessions on stages, and what cannot be at the same time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.audit import AuditEvent
from core.text import fold, vietnamese_key
from core.vietnam import shown_date
from fairs.models import Crew, Fair, Session, SessionKind, Stage
from fairs.queries.public import public_fairs
from fairs.states import FairState
from registry.models import Organisation, Place, PlaceKind, Product

FOUND = 20


def stages_of(fair: Fair) -> QuerySet[Stage]:
    """The fair's stages in their order, each with `session_count`."""
    return fair.stages.annotate(session_count=Count("sessions")).order_by("order", "pk")


def sessions_of(fair: Fair) -> QuerySet[Session]:
    """The fair's programme with all that a page shows of it, earliest first."""
    return (
        Session.objects.filter(fair=fair)
        .select_related("fair", "stage", "crew", "place")
        .prefetch_related("producers", "products")
        .order_by("starts_at", "stage__order", "pk")
    )


def session_of(fair: Fair, number: int) -> Session:
    """One session of this fair. Raises Session.DoesNotExist."""
    return sessions_of(fair).get(pk=number)


def public_sessions(code: str) -> QuerySet[Session]:
    """The programme of a fair that anyone may read about. Raises Fair.DoesNotExist."""
    return sessions_of(public_fairs().get(code=code))


def bounds_of(fair: Fair) -> tuple[datetime, datetime]:
    """The first and the last moment of the fair: midnight before it opens and after it ends."""
    first = timezone.make_aware(datetime.combine(fair.first_day, time.min))
    last = timezone.make_aware(datetime.combine(fair.end + timedelta(days=1), time.min))
    return first, last


def days_of(session: Session) -> Iterator[date]:
    """The local days the session lies on; one that ends at midnight does not reach the next."""
    day = timezone.localtime(session.starts_at).date()
    last = timezone.localtime(session.ends_at - timedelta(microseconds=1)).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def programme_days(fair: Fair, sessions: Iterable[Session]) -> list[date]:
    """The fair's days, and those outside it on which a session has been left behind."""
    days = {fair.first_day + timedelta(days=number) for number in range(fair.days)}
    for session in sessions:
        days.update(days_of(session))
    return sorted(days)


def last_change_of(session: Session) -> AuditEvent | None:
    """Who changed the session last, and when."""
    events = AuditEvent.objects.filter(stream=session.fair.stream, subject=subject_of(session))
    return events.select_related("actor").order_by("-number").first()


def subject_of(session: Session) -> str:
    """What the audit calls the session."""
    return f"session:{session.pk}"


def crew_names() -> list[str]:
    """The crews that are known, in Vietnamese order."""
    return sorted(Crew.objects.values_list("name", flat=True), key=vietnamese_key)


def provinces() -> QuerySet[Place]:
    """The provinces and cities of today."""
    kinds = (PlaceKind.PROVINCE, PlaceKind.CITY)
    return Place.objects.filter(kind__in=kinds, valid_to__isnull=True).order_by("name")


def find_producers(search: str) -> list[Organisation]:
    """The first producers whose name, code or place has every word, accents ignored."""
    words = fold(search).split()
    wanted = [Q(search__contains=word) for word in words]
    found = Organisation.objects.filter(*wanted, is_producer=True)
    return list(found.order_by("code")[:FOUND]) if words else []


def find_products(search: str, producers: Iterable[Organisation]) -> list[Product]:
    """The products of `producers`, and the first others whose name or code is searched for."""
    products = Product.objects.select_related("producer").order_by("name", "pk")
    found = list(products.filter(producer__in=producers))
    words = fold(search).split()
    if words:
        by_name = Q(*[Q(search__contains=word) for word in words])
        others = products.filter(by_name | Q(code__iexact=search.strip()))
        known = {product.pk for product in found}
        found += [product for product in others[:FOUND] if product.pk not in known]
    return found


class SessionConflictKind(TextChoices):
    SAME_STAGE = "same_stage", _("Same stage")
    SAME_CREW = "same_crew", _("Same performance crew")
    SIGNING_PERFORMANCE = "signing_performance", _("Signing ceremony against a performance")
    OUTSIDE_FAIR = "outside_fair", _("Outside the fair's days")


@dataclass(frozen=True)
class SessionConflict:
    """Two sessions that cannot both be, or one that cannot be by itself (`second` is None).

    `starts_at` and `ends_at` bound the time that both want.
    """

    kind: SessionConflictKind
    first: Session
    second: Session | None
    starts_at: datetime
    ends_at: datetime

    @property
    def sentence(self) -> str:
        """The conflict in words."""
        both = (self.first, self.second or self.first)
        is_far = both[0].fair_id != both[1].fair_id
        first, second = (_name(session, with_fair=is_far) for session in both)
        return SENTENCES[self.kind] % {
            "first": first,
            "second": second,
            "stage": self.first.stage,
            "crew": self.first.crew,
            "when": shown_span(self.starts_at, self.ends_at),
        }


SENTENCES = {
    SessionConflictKind.SAME_STAGE: _(
        "%(first)s and %(second)s are both on %(stage)s at %(when)s."
    ),
    SessionConflictKind.SAME_CREW: _(
        "%(crew)s is needed twice at %(when)s: %(first)s, %(second)s."
    ),
    SessionConflictKind.SIGNING_PERFORMANCE: _(
        "A signing ceremony and a performance disturb each other at %(when)s: "
        "%(first)s, %(second)s."
    ),
    SessionConflictKind.OUTSIDE_FAIR: _("%(first)s is outside the fair's days: %(when)s."),
}


def shown_span(starts_at: datetime, ends_at: datetime) -> str:
    """Return "09:00–10:30 02/12/2026", with both days where they differ."""
    starts, ends = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if starts.date() == ends.date():
        return f"{starts:%H:%M}–{ends:%H:%M} {shown_date(ends)}"
    return f"{starts:%H:%M} {shown_date(starts)} – {ends:%H:%M} {shown_date(ends)}"


def _name(session: Session, *, with_fair: bool) -> str:
    if not with_fair:
        return gettext("“%(title)s”") % {"title": session.shown_title}
    return gettext("“%(title)s” (%(fair)s)") % {
        "title": session.shown_title,
        "fair": session.fair.short_title,
    }


def sessions_that_matter(fair: Fair, sessions: Iterable[Session]) -> list[Session]:
    """The fair's own `sessions`, and what their crews do at other fairs at the time."""
    own = list(sessions)
    crews = {session.crew_id for session in own if session.crew_id}
    if not crews:
        return own
    elsewhere = (
        Session.objects.filter(
            crew__in=crews,
            starts_at__lt=max(session.ends_at for session in own),
            ends_at__gt=min(session.starts_at for session in own),
        )
        .exclude(fair=fair)
        .exclude(fair__state=FairState.CANCELLED)
        .select_related("fair", "stage", "crew")
    )
    return [*own, *elsewhere]


def conflicts_among(fair: Fair, sessions: Iterable[Session]) -> list[SessionConflict]:
    """The conflicts among `sessions` that a session of this fair is part of; nothing is read."""
    return [
        conflict
        for conflict in session_conflicts(sessions)
        if fair.pk in {conflict.first.fair_id, conflict.second and conflict.second.fair_id}
    ]


def session_conflicts(sessions: Iterable[Session]) -> list[SessionConflict]:
    """All conflicts among `sessions`, of any number of fairs, earliest first.

    They must come with `fair`, `stage` and `crew` selected; nothing is read. The time grows
    with their number (sorting apart) and with the number of conflicts. Sessions of cancelled
    fairs take no place.
    """
    live = [each for each in sessions if each.fair.state != FairState.CANCELLED]
    kind = SessionConflictKind
    signing = {
        (first.pk, second.pk): _clash(kind.SIGNING_PERFORMANCE, first, second)
        for first, second in signings_disturbed(live)
    }
    found = [_outside(session) for session in live if _is_outside(session)]
    found += signing.values()
    found += [
        _clash(kind.SAME_STAGE, first, second)
        for group in _groups(live, "stage_id")
        for first, second in _overlapping(group)
        if (first.pk, second.pk) not in signing
    ]
    found += [_clash(kind.SAME_CREW, *pair) for pair in crews_wanted_twice(live)]
    return sorted(found, key=lambda conflict: (conflict.starts_at, conflict.first.pk))


def signings_disturbed(sessions: Iterable[Session]) -> Iterator[tuple[Session, Session]]:
    """Signing ceremonies and performances at one fair at a time, the earlier one first."""
    for group in _groups(sessions, "fair_id"):
        if any(each.kind == SessionKind.SIGNING for each in group):
            both = (SessionKind.SIGNING, SessionKind.PERFORMANCE)
            pairs = _overlapping(each for each in group if each.kind in both)
            yield from ((first, second) for first, second in pairs if first.kind != second.kind)


def crews_wanted_twice(sessions: Iterable[Session]) -> Iterator[tuple[Session, Session]]:
    """Sessions of one crew at a time, the earlier one first."""
    for group in _groups((each for each in sessions if each.crew_id), "crew_id"):
        yield from _overlapping(group)


def _groups(sessions: Iterable[Session], field: str) -> Iterable[list[Session]]:
    groups: dict[int, list[Session]] = defaultdict(list)
    for session in sessions:
        groups[getattr(session, field)].append(session)
    return groups.values()


def _overlapping(sessions: Iterable[Session]) -> Iterator[tuple[Session, Session]]:
    """Every pair that shares a moment, the earlier one first; touching ends are no overlap."""
    running: list[Session] = []
    for session in sorted(sessions, key=lambda each: (each.starts_at, each.pk)):
        running = [each for each in running if each.ends_at > session.starts_at]
        yield from ((each, session) for each in running)
        running.append(session)


def _clash(kind: SessionConflictKind, first: Session, second: Session) -> SessionConflict:
    ends_at = min(first.ends_at, second.ends_at)
    return SessionConflict(kind, first, second, second.starts_at, ends_at)


def _is_outside(session: Session) -> bool:
    first, last = bounds_of(session.fair)
    return session.starts_at < first or session.ends_at > last


def _outside(session: Session) -> SessionConflict:
    kind = SessionConflictKind.OUTSIDE_FAIR
    return SessionConflict(kind, session, None, session.starts_at, session.ends_at)
