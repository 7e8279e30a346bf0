"""Reads for those who edit: what there is to choose from, and fairs as plain values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Model, Q
from django.db.models.functions import Coalesce

from core.text import fold
from fairs.models import Attendance, Fair, FairKind, Hall, LegalBasis, Plan, Team, Venue
from fairs.states import FairState

# What an organiser decides about a fair; `code` and `plan` come with its making.
EDITED = (
    "kind",
    "title",
    "title_en",
    "short_title",
    "register_code",
    "venue",
    "hall",
    "team",
    "first_day",
    "last_day",
    "attendance",
    "opens",
    "closes",
    "channel",
    "channel_url",
    "host",
    "host_stand",
    "delegation_size",
    "regions",
    "legal_basis",
    "decision_number",
    "applications_close_at",
    "organiser",
    "co_organiser",
    "description",
    "description_en",
)

Facts = dict[str, Any]

YEAR_IN_CODE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


@dataclass(frozen=True)
class KindDefaults:
    """What a new fair of a kind begins with, and which fields of `OF_SOME_KINDS` it has."""

    days: int
    legal_basis: LegalBasis
    attendance: Attendance = Attendance.ON_SITE
    opens: time | None = None
    closes: time | None = None
    fields: frozenset[str] = frozenset()


# What only fairs of some kinds have, and what stands there for all others.
OF_SOME_KINDS: dict[str, Any] = {
    "attendance": Attendance.ON_SITE,
    "channel": "",
    "channel_url": "",
    "host": "",
    "host_stand": "",
    "delegation_size": None,
}
LIVE = frozenset({"attendance", "channel", "channel_url"})
AWAY = frozenset({"host", "host_stand", "delegation_size"})

DEFAULTS = {
    FairKind.TRADE_WEEK: KindDefaults(5, LegalBasis.CITY_PROGRAMME, fields=LIVE),
    FairKind.REGIONAL_CULTURE: KindDefaults(4, LegalBasis.CITY_PROGRAMME),
    FairKind.CONFERENCE: KindDefaults(1, LegalBasis.INTERNAL, opens=time(8), closes=time(17)),
    FairKind.ONLINE: KindDefaults(
        1, LegalBasis.INTERNAL, Attendance.ONLINE, time(20), time(22), fields=LIVE
    ),
    FairKind.PARTICIPATION: KindDefaults(3, LegalBasis.INTERNAL, fields=AWAY),
}


def fields_not_of(kind: str) -> dict[str, Any]:
    """The fields that a fair of this kind does not have, with what stands there."""
    own = DEFAULTS[FairKind(kind)].fields
    return {name: blank for name, blank in OF_SOME_KINDS.items() if name not in own}


def default_last_day(kind: str, first_day: date) -> date:
    """The last day of a fair of which only the first is said."""
    return first_day + timedelta(days=DEFAULTS[FairKind(kind)].days - 1)


@dataclass(frozen=True)
class Choices:
    """What a fair may be given, and which codes are in use; four or five queries in all."""

    plans: dict[int, Plan]
    venues: dict[str, Venue]
    halls: dict[str, Hall]
    teams: dict[str, Team]
    fairs: dict[str, Fair]

    @cached_property
    def owners(self) -> dict[str, Fair]:
        """Fairs by their code in the register, in lower case."""
        return {fair.register_code.casefold(): fair for fair in self.fairs.values()}

    @cached_property
    def venue_names(self) -> dict[str, str]:
        """Codes of venues by what they may be called, folded: code, name, or short name.

        What two venues are called is left out.
        """
        found: dict[str, str] = {}
        for name in ("short_name", "name", "code"):
            called = [fold(getattr(venue, name)) for venue in self.venues.values()]
            pairs = zip(called, self.venues, strict=True)
            found |= {key: code for key, code in pairs if called.count(key) == 1}
        return found


def choices_for_editing() -> Choices:
    """Everything at once; venues by code, halls and teams by primary key, fairs by code."""
    return Choices(
        plans={plan.year: plan for plan in Plan.objects.all()},
        venues={venue.code: venue for venue in Venue.objects.all()},
        halls={str(hall.pk): hall for hall in Hall.objects.select_related("venue")},
        teams={str(team.pk): team for team in Team.objects.all()},
        fairs={
            fair.code: fair
            for fair in Fair.objects.select_related("plan", "venue", "hall__venue", "team")
        },
    )


def facts_of(values: Fair | Mapping[str, Any]) -> Facts:
    """The edited values as plain JSON: what is audited, compared, and sent along with a form."""
    if isinstance(values, Fair):
        values = {name: getattr(values, name) for name in EDITED}
    return {name: _plain(values[name]) for name in EDITED}


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, Venue):
        return value.code
    if isinstance(value, Hall):
        return f"{value.venue.code} / {value.name}"
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return sorted(value) if isinstance(value, list) else str(value)


def changes_between(old: Facts, new: Facts) -> dict[str, list[Any]]:
    """The fields that differ: before and after."""
    return {name: [old[name], new[name]] for name in EDITED if old[name] != new[name]}


def codes_in_use() -> tuple[set[str], set[str]]:
    """The codes of all fairs, and their codes in the register, all in lower case."""
    rows = Fair.objects.values_list("code", "register_code")
    return {code for code, _other in rows}, {other.casefold() for _code, other in rows}


def code_for_year(code: str, year: int) -> str:
    """The code with its year replaced by `year`; one without a year gets it at the end."""
    if YEAR_IN_CODE.search(code):
        return YEAR_IN_CODE.sub(str(year), code)
    return f"{code[:55]}-{year}"


def take_code(wanted: str, taken: set[str], *, limit: int) -> str:
    """`wanted`, or with the smallest number from 2 behind it that is free; it is free no more."""
    code, number = wanted[:limit], 1
    while code.casefold() in taken:
        number += 1
        code = f"{wanted[: limit - len(str(number)) - 1]}-{number}"
    taken.add(code.casefold())
    return code


def bookings_of(fair: Fair) -> list[Fair]:
    """Other fairs at the same place on days of `fair`, soonest first.

    A fair without a hall has the whole venue. A cancelled fair has none, and online there is
    room for everybody.
    """
    if fair.venue is None or fair.venue.is_online:
        return []
    end = Coalesce("last_day", "first_day")
    others = Fair.objects.annotate(ends=end).exclude(pk=fair.pk)
    others = others.filter(venue=fair.venue, first_day__lte=fair.end, ends__gte=fair.first_day)
    if fair.hall_id:
        others = others.filter(Q(hall=fair.hall_id) | Q(hall=None))
    return list(others.exclude(state=FairState.CANCELLED))
