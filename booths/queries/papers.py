"""Reads: what goes on paper before a fair opens: stands in their places and what they need."""

from dataclasses import dataclass
from decimal import Decimal

from booths.models import Booth, BoothPaper, FloorPlan, Zone
from booths.queries.stands import Participant, participants_of
from fairs.models import Fair, Pavilion
from fairs.queries.pavilions import guest_provinces, pavilions_of


@dataclass(frozen=True)
class Stand:
    """A participant with its booths, in the plan's order."""

    participant: Participant
    booths: tuple[Booth, ...]


@dataclass(frozen=True)
class ZoneUtilities:
    """What the stands of a zone need and what its booths have; power in kW.

    A stand that reaches into two zones counts in that of its first booth.
    """

    zone: Zone
    booths: int
    given: int
    stands: tuple[Stand, ...]
    power_needed: Decimal
    power_there: Decimal
    water_needed: int
    water_there: int
    cold_needed: int
    cold_there: int
    cooking_needed: int


@dataclass(frozen=True)
class PavilionGaps:
    """A guest province with the numbers of its booths that nobody is written down for."""

    pavilion: Pavilion
    free: tuple[int, ...]

    @property
    def filled(self) -> int:
        return self.pavilion.booth_count - len(self.free)


def pavilion_gaps(fair: Fair) -> list[PavilionGaps]:
    """All guest provinces of the fair in Vietnamese order, those with nothing to fill in too."""
    found = []
    for guest in guest_provinces(pavilions_of(fair), []):
        taken = {booth.number for booth in guest.booths}
        numbers = range(1, guest.pavilion.booth_count + 1)
        found.append(
            PavilionGaps(guest.pavilion, tuple(each for each in numbers if each not in taken))
        )
    return found


def stands_in(fair: Fair, plan: FloorPlan) -> list[Stand]:
    """All stands, in the order of the plan that they are held on."""
    by_code = {booth.code: booth for booth in plan.booths.all()}
    stands = [
        Stand(each, tuple(by_code[code] for code in each.placement.booths if code in by_code))
        for each in participants_of(fair)
    ]
    there = [stand for stand in stands if stand.booths]
    return sorted(there, key=lambda stand: (stand.booths[0].order, stand.booths[0].code))


def utilities_of(plan: FloorPlan, stands: list[Stand]) -> list[ZoneUtilities]:
    """Zone by zone, what must be laid on; zones without a booth are left out."""
    rows = []
    for zone in plan.zones.all():
        booths = [booth for booth in plan.booths.all() if booth.zone_id == zone.pk]
        here = tuple(stand for stand in stands if stand.booths[0].zone_id == zone.pk)
        asked = [stand.participant.placement.application for stand in here]
        held = {booth.pk for stand in stands for booth in stand.booths}
        if booths:
            rows.append(
                ZoneUtilities(
                    zone=zone,
                    booths=len(booths),
                    given=sum(booth.pk in held for booth in booths),
                    stands=here,
                    power_needed=sum((each.power_kw for each in asked), Decimal()),
                    power_there=sum((booth.power_kw for booth in booths), Decimal()),
                    water_needed=sum(each.water for each in asked),
                    water_there=sum(booth.water for booth in booths),
                    cold_needed=sum(each.cold for each in asked),
                    cold_there=sum(booth.cold for booth in booths),
                    cooking_needed=sum(each.cooking for each in asked),
                )
            )
    return rows


def papers_of(fair: Fair, language: str) -> dict[str, list[BoothPaper]]:
    """The papers that were asked for in the language, newest first, by their name."""
    rows = BoothPaper.objects.filter(fair=fair, language=language, run=None)
    found: dict[str, list[BoothPaper]] = {}
    for row in rows.select_related("job", "file", "asked_by").defer("content"):
        found.setdefault(row.name, []).append(row)
    return found
