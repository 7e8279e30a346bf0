"""Reads of a fair's guest provinces and of the booths that they fill in themselves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from core.jobs import Job
from core.text import vietnamese_key
from fairs.models import Fair, Pavilion, PavilionBooth, Session
from fairs.queries.programme import provinces
from fairs.rules import is_in_time
from fairs.states import BOOTHS_SHOWN, OVER
from registry.models import Place

MINUTES = "%Y-%m-%dT%H:%M"
LINK_JOB = "fairs.send_pavilion_link"

Facts = dict[str, Any]


class BoothLine(NamedTuple):
    """Who shows what in one booth; `phone` as it is stored (E.164), or empty."""

    name: str = ""
    products: str = ""
    phone: str = ""


Lines = dict[int, BoothLine]
"""By the booth's number; a booth that is not in it is free."""


@dataclass(frozen=True)
class GuestProvince:
    """A pavilion with its booths, and what its province performs at the fair."""

    pavilion: Pavilion
    booths: list[PavilionBooth]
    sessions: list[Session]
    link_job: Job | None = None

    @property
    def is_open(self) -> bool:
        """Whether the province may still change its booths."""
        return is_open(self.pavilion, timezone.now())


def pavilions_of(fair: Fair) -> QuerySet[Pavilion]:
    """The fair's pavilions with their fair and province."""
    return Pavilion.objects.filter(fair=fair).select_related("fair", "place")


def pavilion_of(fair: Fair, number: int) -> Pavilion:
    """One pavilion of this fair. Raises Pavilion.DoesNotExist."""
    return pavilions_of(fair).get(pk=number)


def pavilion_by_token(token: str) -> Pavilion:
    """The pavilion whose province was given this link, booths included.

    Raises Pavilion.DoesNotExist.
    """
    pavilions = Pavilion.objects.select_related("fair__venue", "place")
    return pavilions.prefetch_related("booths").get(token=token)


def guest_provinces(
    pavilions: QuerySet[Pavilion], sessions: Iterable[Session], jobs: dict[int, Job] | None = None
) -> list[GuestProvince]:
    """`pavilions` in Vietnamese order, each with its part of `sessions` and of `jobs`."""
    by_place: dict[int | None, list[Session]] = defaultdict(list)
    for session in sessions:
        by_place[session.place_id].append(session)
    booths = Prefetch("booths", PavilionBooth.objects.order_by("number"))
    return [
        GuestProvince(
            pavilion,
            list(pavilion.booths.all()),
            by_place.get(pavilion.place_id, []),
            (jobs or {}).get(pavilion.pk),
        )
        for pavilion in sorted(
            pavilions.prefetch_related(booths), key=lambda each: vietnamese_key(each.place.name)
        )
    ]


def public_provinces(fair: Fair, sessions: Iterable[Session]) -> list[GuestProvince]:
    """The guest provinces that anyone may read about.

    All of them once the fair's booths are shown, before that those that have sent theirs in.
    """
    shown = pavilions_of(fair)
    if fair.state not in BOOTHS_SHOWN:
        shown = shown.filter(submitted_at__isnull=False)
    return guest_provinces(shown, sessions)


def link_jobs(fair: Fair) -> dict[int, Job]:
    """The last job, by pavilion, that sends out the link of a pavilion of this fair."""
    jobs = Job.objects.filter(kind=LINK_JOB, stream=fair.stream).order_by("pk")
    return {job.arguments["pavilion"]: job for job in jobs}


def places_to_invite(fair: Fair) -> QuerySet[Place]:
    """The provinces that are not the fair's guests yet."""
    return provinces().exclude(pk__in=Pavilion.objects.filter(fair=fair).values("place"))


def is_open(pavilion: Pavilion, moment: datetime) -> bool:
    """Whether the province may change its booths at that moment, the minute of grace included."""
    return pavilion.fair.state not in OVER and is_in_time(moment, pavilion.fill_in_until)


def lines_of(pavilion: Pavilion) -> Lines:
    """What the province has filled in so far."""
    return {
        booth.number: BoothLine(booth.name, booth.products, booth.phone)
        for booth in pavilion.booths.all()
    }


def facts_of(pavilion: Pavilion) -> Facts:
    """What an organiser says about the pavilion, as plain values."""
    return {
        "booth_count": pavilion.booth_count,
        "fill_in_until": f"{timezone.localtime(pavilion.fill_in_until):{MINUTES}}",
        "contact": pavilion.contact,
        "email": pavilion.email,
        "phone": pavilion.phone,
    }


def subject_of(pavilion: Pavilion) -> str:
    """What the audit calls the pavilion."""
    return f"pavilion:{pavilion.pk}"


class Clash(NamedTuple):
    """A booth that two people have changed: what is stored, what the second wants."""

    number: int
    stored: BoothLine
    mine: BoothLine


@dataclass(frozen=True)
class Merge:
    """The lines of two people in one; `moved` are pairs of where a line was and where it is."""

    lines: Lines
    clashes: list[Clash]
    moved: list[tuple[int, int]]


def merge_lines(*, seen: Lines, mine: Lines, stored: Lines, count: int) -> Merge:
    """What the second of two wants upon what the first has stored since both had `seen` it.

    A booth that only one of them changed is as that one left it. What both wrote into the same
    free booth stands side by side: the second's moves on to the next free one, or behind the
    last of the `count` booths. Where both changed a line that was there, the second's stands.
    """
    lines, clashes, homeless = dict(stored), [], []
    for number in sorted({*seen, *mine, *stored}):
        was, wanted, now = (each.get(number) for each in (seen, mine, stored))
        if wanted in (was, now):
            continue
        if now != was and was is None and wanted and now:
            homeless.append(number)
            continue
        if now != was:
            clashes.append(Clash(number, now or BoothLine(), wanted or BoothLine()))
        if wanted:
            lines[number] = wanted
        else:
            lines.pop(number, None)
    moved = []
    for number in homeless:
        behind = max(*lines, count) + 1
        free = next((each for each in range(1, count + 1) if each not in lines), behind)
        lines[free] = mine[number]
        moved.append((number, free))
    return Merge(dict(sorted(lines.items())), clashes, moved)
