"""Writes: a memorandum is drawn up, and frozen with its number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError, StaleState
from core.locks import lock_row, lock_rows
from core.pdf import missing_glyphs
from fairs.models import Fair
from mou.actions.records import record, require_organiser
from mou.actions.wordings import standing_wording
from mou.models import Ceremony, Item, Memorandum, Party, Register, SignerRole, Wording
from mou.paper.canonical import canonical
from mou.paper.content import content_sha256
from mou.paper.layout import printed_text
from mou.paper.wording import wording_sha256
from mou.quantities import require_worth, thousandths
from mou.queries.readiness import (
    certified_on,
    points_of,
    points_of_all,
    signing_day_of,
    standard_order,
    with_draft,
)
from mou.rendering import content_of
from mou.states import MEMORANDUM, MemorandumState
from registry.models import Organisation, Product
from registry.queries import province_of

CHANGED_MEANWHILE = _("Somebody else has changed this memorandum in the meantime.")


@dataclass(frozen=True)
class Line:
    """One product to be put into a memorandum: `quantity` in `unit` each `period`.

    Without a unit or a reference price (VND for one unit) they are the product's own.
    """

    product: Product
    quantity: Decimal
    period: str
    unit: str = ""
    reference_price: int | None = None

    @property
    def price(self) -> int:
        """In VND, for one unit."""
        own = self.product.reference_price
        return own if self.reference_price is None else self.reference_price


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a party says of itself; `authority` names the paper where no legal representative
    signs."""

    address: str
    representative: str
    position: str
    province: str = ""
    tax_code: str = ""
    phone: str = ""
    email: str = ""
    account: str = ""
    authority: str = ""


def particulars_of(organisation: Organisation) -> Particulars:
    """What the registry says of an organisation today."""
    province = province_of(organisation.place).name
    whole = (organisation.address, organisation.place.name, province)
    return Particulars(
        address=", ".join(dict.fromkeys(whole)),
        province=province,
        tax_code=organisation.tax_code,
        phone=organisation.phone,
        email=organisation.email,
        representative=organisation.representative,
        position=organisation.position,
    )


@transaction.atomic(durable=True)
def draw_up_memorandum(
    *,
    fair: Fair,
    producer: Organisation,
    distributor: Organisation,
    lines: Sequence[Line],
    place: str,
    witness: str,
    witness_position: str,
    expires_on: date,
    actor: User | None,
    wording: Wording | None = None,
    figures: Mapping[str, int] | None = None,
    particulars: Mapping[str, Particulars] | None = None,
    copied_from: Memorandum | None = None,
) -> Memorandum:
    """Draw up a draft between a producer (A) and a distributor (B) with copied particulars.

    `particulars` by side replace what the registry says, `figures` those of the articles.
    Raises NotAllowed, DomainError `memorandum.same_party`, `memorandum.wrong_role`,
    `memorandum.foreign_product`, `wording.retired`, and those of `write_lines`.
    """
    require_organiser(actor, fair)
    return write_draft(
        fair=fair,
        producer=producer,
        distributor=distributor,
        lines=lines,
        place=place,
        witness=witness,
        witness_position=witness_position,
        expires_on=expires_on,
        actor=actor,
        wording=wording,
        figures=figures,
        particulars=particulars,
        facts={"copied_from": copied_from.code} if copied_from else {},
    )


def write_draft(
    *,
    fair: Fair,
    producer: Organisation,
    distributor: Organisation,
    lines: Sequence[Line],
    place: str,
    witness: str,
    witness_position: str,
    expires_on: date,
    actor: User | None,
    wording: Wording | None = None,
    figures: Mapping[str, int] | None = None,
    particulars: Mapping[str, Particulars] | None = None,
    ceremony: Ceremony | None = None,
    turn: int | None = None,
    verb: str = "mou.drawn_up",
    facts: Mapping[str, object] | None = None,
) -> Memorandum:
    """`draw_up_memorandum` inside the caller's transaction, after its check of rights."""
    _require_fitting(producer, distributor, lines)
    wording = wording or standing_wording()
    require_usable(wording)
    memorandum = Memorandum.objects.create(
        fair=fair,
        wording=wording,
        place=place,
        witness=witness,
        witness_position=witness_position,
        expires_on=expires_on,
        terms=dict(figures or {}),
        ceremony=ceremony,
        turn=turn,
        created_by=actor,
    )
    sides = {SignerRole.PARTY_A: producer, SignerRole.PARTY_B: distributor}
    for side, organisation in sides.items():
        said = (particulars or {}).get(side) or particulars_of(organisation)
        _write_party(memorandum, side, organisation, said)
    write_lines(memorandum, lines)
    record(memorandum, actor, verb, lines=len(lines), **(facts or {}))
    return memorandum


def _require_fitting(
    producer: Organisation, distributor: Organisation, lines: Sequence[Line]
) -> None:
    if producer.pk == distributor.pk:
        raise DomainError("memorandum.same_party", _("The two parties are the same organisation."))
    if not producer.is_producer or not distributor.is_distributor:
        raise DomainError(
            "memorandum.wrong_role", _("Party A must be a producer and party B a distributor.")
        )
    if any(line.product.producer_id != producer.pk for line in lines):
        raise DomainError(
            "memorandum.foreign_product", _("A product in the list is not one of party A's.")
        )


def _write_party(
    memorandum: Memorandum, side: str, organisation: Organisation, said: Particulars
) -> None:
    Party.objects.create(
        memorandum=memorandum,
        side=side,
        organisation=organisation,
        name=organisation.name,
        kind=organisation.actor_type,
        **asdict(said),
    )


def require_usable(wording: Wording) -> None:
    """Raise DomainError `wording.retired`."""
    if wording.retired_at:
        raise DomainError("wording.retired", _("This wording is retired: choose another one."))


def write_lines(memorandum: Memorandum, lines: Sequence[Line]) -> None:
    """Put the lines in, each with its certification as it stands on the day of signing.

    Raises DomainError `quantity.value_too_large` and what `thousandths` raises.
    """
    for line in lines:
        require_worth(line.quantity, line.price)
    certified = certified_on([line.product.pk for line in lines], signing_day_of(memorandum))
    memorandum.items.all().delete()
    Item.objects.bulk_create(
        Item(
            memorandum=memorandum,
            order=order,
            product=line.product,
            name=line.product.name,
            stars=found.stars if found else None,
            decision=found.decision_number if found else "",
            certified_until=found.valid_until if found else None,
            unit=line.unit or line.product.unit,
            quantity_thousandths=thousandths(line.quantity),
            period=line.period,
            reference_price=line.price,
        )
        for order, line in enumerate(lines, start=1)
        for found in [certified.get(line.product.pk)]
    )


@transaction.atomic(durable=True)
def freeze_memorandum(
    *, memorandum: Memorandum, actor: User | None, revision: int | None = None
) -> Memorandum:
    """Take a number, freeze and hash the content: from now on it is signed as it stands.

    With `revision`, only as it was seen then. A memorandum that was reopened keeps its number.

    Raises NotAllowed, StaleState, DomainError `memorandum.no_products`, `memorandum.expired`,
    `memorandum.incomplete`, `memorandum.certification_ended`, `memorandum.certified_anew`,
    `memorandum.unprintable`, `wording.changed`.
    """
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    if revision not in (None, row.revision):
        raise StaleState("memorandum.stale", CHANGED_MEANWHILE)
    blocking = [point for point in points_of(row) if point.is_blocking]
    if blocking:
        raise blocking[0].error
    _freeze(row, _locked_register(row.fair), actor)
    return row


@transaction.atomic(durable=True)
def freeze_memoranda(
    *, fair: Fair, codes: Iterable[str], actor: User | None
) -> tuple[list[Memorandum], list[Memorandum]]:
    """Freeze those of these drafts that are ready; return them, and those that were left.

    Numbers follow the turns in the ceremony. Raises NotAllowed.
    """
    require_organiser(actor, fair)
    wanted = Memorandum.objects.filter(fair=fair, code__in=set(codes))
    lock_rows(wanted)
    drafts = list(standard_order(with_draft(wanted.filter(state=MemorandumState.DRAFT))))
    points = points_of_all(drafts)
    register = _locked_register(fair)
    frozen, left = [], []
    for row in drafts:
        if any(point.is_blocking for point in points[row.pk]):
            left.append(row)
        else:
            _freeze(row, register, actor)
            frozen.append(row)
    return frozen, left


def _freeze(row: Memorandum, register: Register, actor: User | None) -> None:
    """Give the row its number, or the one it has, and write down what it says."""
    _require_own_wording(row)
    year = row.year or register.year
    number = row.number or register.last_number + 1
    content = content_of(row, number=number, year=year)
    missing = missing_glyphs(printed_text(content))
    if missing:
        raise DomainError(
            "memorandum.unprintable",
            _("These letters cannot be printed: %(letters)s"),
            letters=" ".join(sorted(missing)),
        )
    if row.number is None:
        Register.objects.filter(pk=register.pk).update(last_number=number)
        register.last_number = number
    MEMORANDUM.move(
        row,
        MemorandumState.READY,
        number=number,
        year=year,
        content=canonical(content).decode(),
        content_sha256=content_sha256(content),
    )
    record(row, actor, "mou.frozen", number=row.shown_number, content_sha256=row.content_sha256)


def _require_own_wording(row: Memorandum) -> None:
    """Lock the wording, so that nobody edits it while it is first used."""
    wording = lock_row(row.wording)
    if wording_sha256(wording.content) != wording.sha256:
        raise DomainError(
            "wording.changed", _("The stored wording is not the one that its hash names.")
        )
    row.wording = wording


def _locked_register(fair: Fair) -> Register:
    year = timezone.localdate().year
    Register.objects.get_or_create(fair=fair, year=year)
    return lock_rows(Register.objects.filter(fair=fair, year=year))[0]
