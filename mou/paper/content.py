"""What a memorandum says, frozen: the one form in which it is hashed, printed and kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from mou.paper.canonical import ContentError, canonical
from mou.paper.wording import check_wording

Role = Literal["party_a", "party_b", "witness"]
ROLES: tuple[Role, ...] = ("party_a", "party_b", "witness")


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A party as it was on the day: never read again from the register."""

    name: str
    kind: str
    address: str
    representative: str
    position: str
    tax_code: str = ""
    phone: str = ""
    authority: str = ""
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One product: `quantity` in `unit` each `period`, `reference_price` in VND for one unit."""

    name: str
    stars: int | None
    decision: str
    unit: str
    quantity: Decimal
    period: str
    reference_price: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The figures of the articles, in days and months; the memorandum ends with `expires_on`."""

    expires_on: date
    notice_days: int = 15
    answer_days: int = 30
    listing_days: int = 60
    confidential_months: int = 24
    end_notice_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an annex says anew: as it was and as it is now, empty where there was or is nothing."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """The `number`th annex of the memorandum that is numbered `of` and has the public `code`."""

    number: int
    of: str
    code: str
    content_sha256: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything a memorandum says. `place` heads the paper, `venue` is where it is signed."""

    number: int
    year: int
    event_code: str
    event: str
    place: str
    venue: str
    date: date
    party_a: Party
    party_b: Party
    items: tuple[Item, ...]
    terms: Terms
    wording: Mapping[str, Any]
    revision: int = 1
    # Left out of the canonical form where there is none: the hashes of all others stay.
    annex: Annex | None = field(default=None, metadata={"left_out": True})

    @property
    def name(self) -> str:
        """The number as it is printed: "07/2026/BGN-HN26" (Decree 30/2020, appendix III)."""
        return f"{self.number:02d}/{self.year}/BGN-{self.event_code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRecord:
    """Who signed what, where, with which consent, by both clocks; the strokes only as a hash.

    `device_at` is the table's clock and may be wrong, `server_at` is ours; `nonce` is the
    signing session's, so that a record cannot be used twice.
    """

    role: Role
    signer: str
    position: str
    station: str
    content_sha256: str
    strokes_sha256: str
    consent_version: str
    device_at: datetime
    server_at: datetime
    nonce: str
    preview_sha256: str = ""


def content_sha256(content: Content) -> str:
    """Return the hexadecimal hash that signatures, seal and verify page stand on."""
    return hashlib.sha256(b"mou-content/1\0" + canonical(content)).hexdigest()


def signature_sha256(record: SignatureRecord) -> str:
    """Return the hexadecimal hash that binds a signer to the content, strokes and moment."""
    return hashlib.sha256(b"mou-signature/1\0" + canonical(record)).hexdigest()


def _annex(plain: Mapping[str, Any] | None) -> Annex | None:
    if plain is None:
        return None
    return Annex(**{**plain, "changes": tuple(Change(**each) for each in plain["changes"])})


def read_content(plain: Mapping[str, Any]) -> Content:
    """Build the content again from what `json.loads(canonical(content))` gives.

    Raises ContentError `content.malformed` if it is not that, or WordingError.
    """
    try:
        content = Content(
            **{
                **plain,
                "date": date.fromisoformat(plain["date"]),
                "party_a": Party(**plain["party_a"]),
                "party_b": Party(**plain["party_b"]),
                "items": tuple(
                    Item(**{**item, "quantity": Decimal(item["quantity"])})
                    for item in plain["items"]
                ),
                "annex": _annex(plain.get("annex")),
                "terms": Terms(
                    **{
                        **plain["terms"],
                        "expires_on": date.fromisoformat(plain["terms"]["expires_on"]),
                    }
                ),
            }
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise ContentError(
            "content.malformed", _("The memorandum's stored content cannot be read.")
        ) from error
    check_wording(content.wording)
    return content
