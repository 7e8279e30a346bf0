"""A draft as one page: its terms, both parties, and the producer's products."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.text import clean
from core.vietnam import shown_date
from mou.actions import Particulars, particulars_of
from mou.actions.wordings import standing_wording
from mou.forms.drawing import (
    MOST_LINES,
    PartyForm,
    TermsForm,
    initial_of_party,
    line_forms,
    lines_of,
)
from mou.models import SIDES, Item, Memorandum, Party, SignerRole
from mou.quantities import thousandths
from mou.queries.drafts import PARTICULARS, facts_of, fits, shown_line, values_by_period
from registry.models import Organisation, Product

PREFIXES = dict(zip(SIDES, "ab", strict=True))


@dataclass(frozen=True)
class Difference:
    """A field that differs between what is typed here and what somebody else has saved."""

    label: str
    mine: str
    theirs: str


class Draft:
    """The forms of one page. `first` are the first values, see `first_values_of`."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        products: Sequence[Product],
        first: Mapping[str, Any],
        memorandum: Memorandum | None = None,
    ) -> None:
        self.data = data
        self.memorandum = memorandum
        also = memorandum.wording if memorandum else None
        self.terms = TermsForm(data, initial=first["terms"], also=also)
        self.parties = {
            side: PartyForm(data, prefix=prefix, initial=initial_of_party(first[side]))
            for side, prefix in PREFIXES.items()
        }
        self._lines = line_forms(products, data, first["lines"])
        self.mistakes: list[str] = []

    @property
    def find(self) -> str:
        return clean(str(self.data.get("find", ""))) if self.data else ""

    @property
    def is_search(self) -> bool:
        """Whether the page is only to be shown again: with other products, or with the values."""
        return self.data is not None and "search" in self.data

    @property
    def lines(self) -> list[Any]:
        """What is filled in, and of the rest what the search finds, not too many at once."""
        filled = [line for line in self._lines if line.is_filled]
        others = [
            line for line in self._lines if not line.is_filled and fits(line.product, self.find)
        ]
        return [*filled, *others[:MOST_LINES]]

    @property
    def hidden(self) -> int:
        """How many products are not on the page."""
        return len(self._lines) - len(self.lines)

    @property
    def all_forms(self) -> list[forms.Form]:
        return [self.terms, *self.parties.values(), *self.lines]

    def is_valid(self) -> bool:
        """Whether every form is; what is wrong with the whole stands in `mistakes`."""
        right = [form.is_valid() for form in self.all_forms]
        count = sum(line.is_filled for line in self._lines)
        if not count:
            self.mistakes.append(_("Put at least one product in first."))
        if count > MOST_LINES:
            self.mistakes.append(
                _("A memorandum holds at most %(most)s products.") % {"most": MOST_LINES}
            )
        return all(right) and not self.mistakes

    @property
    def has_errors(self) -> bool:
        return bool(self.mistakes or any(form.errors for form in self.all_forms))

    @property
    def values(self) -> dict[str, Any]:
        """What a valid page says, as `edit_memorandum` takes it."""
        return {
            **self.terms.values,
            "lines": lines_of(self.lines),
            "particulars": {side: form.particulars for side, form in self.parties.items()},
        }

    @property
    def totals(self) -> list[tuple[str, str, int]]:
        """The value in VND for each period that occurs: its name, as people read it, the sum."""
        amounts = [line.amounts for line in self._lines if line.amounts]
        sums = values_by_period(amounts)
        return [(name, str(Item.Period(name).label), value) for name, value in sums.items()]

    @property
    def warnings(self) -> list[str]:
        """What is odd but kept, in a valid page."""
        return [
            f"{SignerRole(side).label}: {form.warning}"
            for side, form in self.parties.items()
            if form.warning
        ]

    def differences(self, stored: Memorandum) -> list[Difference]:
        """Where this valid page says other than what is stored now."""
        theirs, mine = facts_of(stored), self._facts()
        return [
            Difference(self._label_of(name), mine[name], theirs[name])
            for name in mine
            if mine[name] != theirs[name]
        ]

    def _facts(self) -> dict[str, str]:
        values = self.values
        facts = {
            **{name: str(values[name]) for name in ("place", "witness", "witness_position")},
            "expires_on": shown_date(values["expires_on"]),
            "wording": str(values["wording"]),
            **{name: str(value) for name, value in values["figures"].items()},
        }
        for side, said in values["particulars"].items():
            facts |= {f"{PREFIXES[side]}-{name}": asdict(said)[name] for name in PARTICULARS}
        items = [
            Item(
                name=line.product.name,
                quantity_thousandths=thousandths(line.quantity),
                unit=line.unit or line.product.unit,
                period=line.period,
                reference_price=line.price,
            )
            for line in values["lines"]
        ]
        return {**facts, "products": "; ".join(map(shown_line, items))}

    def _label_of(self, name: str) -> str:
        if name == "products":
            return _("Products")
        if name in self.terms.fields:
            return str(self.terms.fields[name].label)
        prefix, _dash, field = name.partition("-")
        side = next(side for side, own in PREFIXES.items() if own == prefix)
        fields = self.parties[side].fields
        label = fields["authority_number" if field == "authority" else field].label
        return f"{SignerRole(side).label} – {label}"


def first_values(
    *, producer: Organisation, distributor: Organisation, terms: Mapping[str, Any]
) -> dict[str, Any]:
    """A new draft from what the registry says."""
    return {
        "terms": {"wording": standing_wording(), **terms},
        SignerRole.PARTY_A: particulars_of(producer),
        SignerRole.PARTY_B: particulars_of(distributor),
        "lines": {},
    }


def first_values_of(memorandum: Memorandum, *, is_copy: bool = False) -> dict[str, Any]:
    """A draft from what a memorandum says; a copy has a last day and a revision of its own."""
    terms: dict[str, Any] = {
        "wording": memorandum.wording,
        "place": memorandum.place,
        "witness": memorandum.witness,
        "witness_position": memorandum.witness_position,
        **memorandum.terms,
    }
    if not is_copy:
        terms |= {"expires_on": memorandum.expires_on, "revision": memorandum.revision}
    elif memorandum.wording.retired_at:
        terms["wording"] = standing_wording()
    parties = {party.side: _said(party) for party in memorandum.parties.all()}
    lines = {
        item.product_id: {
            "quantity": item.quantity,
            "unit": item.unit,
            "period": item.period,
            "price": item.reference_price,
        }
        for item in memorandum.items.all()
    }
    return {"terms": terms, **parties, "lines": lines}


def _said(party: Party) -> Particulars:
    return Particulars(**{name: getattr(party, name) for name in PARTICULARS})
