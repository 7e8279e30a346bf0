"""Reads: what the rows of a workbook speak of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q

from core.text import fold
from fairs.models import Fair
from mou.models import Memorandum, Party
from mou.states import SIGNABLE, MemorandumState
from registry.models import Organisation, Product


@dataclass(frozen=True)
class Register:
    """Organisations by code and by tax code, each with its products."""

    organisations: dict[str, Organisation]

    def organisation(self, typed: str) -> Organisation | None:
        return self.organisations.get(_key(typed))

    def products(self, producer: Organisation, typed: str) -> list[Product]:
        """Those of the producer with this code or this name, accents and case aside."""
        known = list(producer.products.all())
        by_code = [each for each in known if each.code.casefold() == typed.casefold()]
        return by_code or [each for each in known if fold(each.name) == fold(typed)]


def _key(typed: str) -> str:
    return re.sub(r"[\s.]", "", typed).casefold()


def registered(typed: Iterable[str]) -> Register:
    """The organisations that these codes and tax codes may mean."""
    keys = {_key(each) for each in typed if each}
    wanted = {form for key in keys for form in (key, key.upper())}
    found = Organisation.objects.filter(Q(code__in=wanted) | Q(tax_code__in=wanted))
    found = found.select_related("place__parent__parent").prefetch_related(
        Prefetch("products", Product.objects.order_by("name"))
    )
    known: dict[str, Organisation] = {}
    for organisation in found:
        for key in (organisation.tax_code, organisation.code):
            if key:
                known[_key(key)] = organisation
    return Register(known)


def open_pairs(fair: Fair) -> dict[tuple[int, int], str]:
    """Producer and distributor of what is drafted or waits to be signed at the fair: its code."""
    states = (MemorandumState.DRAFT, *SIGNABLE)
    parties = Party.objects.filter(
        memorandum__in=Memorandum.objects.filter(fair=fair, state__in=states)
    ).order_by("side")
    by_code: dict[str, list[int]] = {}
    for code, organisation in parties.values_list("memorandum__code", "organisation"):
        by_code.setdefault(code, []).append(organisation)
    return {(sides[0], sides[1]): code for code, sides in by_code.items()}
