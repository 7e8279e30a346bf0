"""A regional-culture fair in December 2026 with a guest province, for the tests of pavilions."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.urls import reverse

from fairs.models import Fair, FairKind, Pavilion, PavilionBooth
from fairs.queries.pavilions import lines_of
from fairs.states import FairState
from registry.models import Place, PlaceKind, Region
from tests import builders

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
UNTIL = datetime(2026, 11, 30, 10, tzinfo=UTC)  # 17:00 in Hà Nội
LATE = timedelta(seconds=61)


def make_fair(state: str = FairState.REGISTERING, **fields: Any) -> Fair:
    kind = FairKind.REGIONAL_CULTURE
    return builders.make_fair(state, **{"kind": kind, "first_day": date(2026, 12, 2), **fields})


def make_province(code: str = "LC", name: str = "Lai Châu") -> Place:
    return builders.make_place(
        code=code, name=name, kind=PlaceKind.PROVINCE, region=Region.NORTH_MOUNTAINS
    )


def make_pavilion(fair: Fair | None = None, **fields: Any) -> Pavilion:
    """Three booths of Lai Châu, all free, to be filled in by 30/11/2026 at 17:00."""
    values = {"booth_count": 3, "fill_in_until": UNTIL, **fields}
    values.setdefault("place", make_province())
    return Pavilion.objects.create(fair=fair or make_fair(), **values)


def make_booth(pavilion: Pavilion, number: int = 1, **fields: Any) -> PavilionBooth:
    values = {
        "name": "Hợp tác xã Chè Tả Lèng",
        "products": "Chè Shan tuyết",
        "phone": "+84912345678",
        **fields,
    }
    return PavilionBooth.objects.create(pavilion=pavilion, number=number, **values)


def answers(pavilion: Pavilion, **typed: str) -> dict[str, str]:
    """What a phone sends that has just opened the page, with some fields typed over."""
    sent = {"seen": json.dumps(lines_of(pavilion))}
    for booth in pavilion.booths.all():
        for part, text in (("name", booth.name), ("products", booth.products)):
            sent[f"{part}_{booth.number}"] = text
        sent[f"phone_{booth.number}"] = booth.shown_phone
    return {**sent, **typed}


def stored(pavilion: Pavilion) -> dict[int, str]:
    """Who is in which booth now."""
    return {each.number: each.name for each in PavilionBooth.objects.filter(pavilion=pavilion)}


def phone_page(pavilion: Pavilion) -> str:
    """The address that the province's link leads to."""
    return reverse("my_pavilion", args=[pavilion.token])
