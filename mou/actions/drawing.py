"""Writes: a memorandum is drawn up and frozen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError
from core.locks import lock_row, lock_rows
from core.pdf import missing_glyphs
from fairs.models import Fair
from mou.actions.records import record, require_organiser
from mou.models import (
    Item,
    Memorandum,
    Party,
    Register,
    SignerRole,
    Wording,
)
from mou.paper.canonical import canonical
from mou.paper.content import content_sha256
from mou.paper.layout import printed_text
from mou.paper.wording import standard_wording, wording_sha256
from mou.rendering import content_of
from mou.states import MEMORANDUM, MemorandumState
from registry.models import Organisation, Product
from registry.queries import province_of, with_certificate

STANDARD = "ocop-2026"


@dataclass(frozen=True)
class Line:
    """One product to be put into a memorandum: `quantity` in the product's unit each `period`."""

    product: Product
    quantity: int
    period: str


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
) -> Memorandum:
    """Draw up a draft between a producer (A) and a distributor (B) with copied particulars.

    Raises NotAllowed, DomainError `memorandum.same_party`, `memorandum.wrong_role`.
    """
    require_organiser(actor, fair)
    if producer.pk == distributor.pk:
        raise DomainError("memorandum.same_party", _("The two parties are the same organisation."))
    if not producer.is_producer or not distributor.is_distributor:
        raise DomainError(
            "memorandum.wrong_role", _("Party A must be a producer and party B a distributor.")
        )
    memorandum = Memorandum.objects.create(
        fair=fair,
        wording=_standard_wording(),
        place=place,
        witness=witness,
        witness_position=witness_position,
        expires_on=expires_on,
        created_by=actor,
    )
    _copy_party(memorandum, SignerRole.PARTY_A, producer)
    _copy_party(memorandum, SignerRole.PARTY_B, distributor)
    _copy_lines(memorandum, lines)
    record(memorandum, actor, "mou.drawn_up", lines=len(lines))
    return memorandum


def _standard_wording() -> Wording:
    content = standard_wording()
    sha256 = wording_sha256(content)
    newest = Wording.objects.filter(code=STANDARD).order_by("-version").first()
    if newest and newest.sha256 == sha256:
        return newest
    version = newest.version + 1 if newest else 1
    return Wording.objects.create(code=STANDARD, version=version, content=content, sha256=sha256)


def _copy_party(memorandum: Memorandum, side: str, organisation: Organisation) -> None:
    Party.objects.create(
        memorandum=memorandum,
        side=side,
        organisation=organisation,
        name=organisation.name,
        kind=organisation.actor_type,
        address=", ".join(
            dict.fromkeys(
                (
                    organisation.address,
                    organisation.place.name,
                    province_of(organisation.place).name,
                )
            )
        ),
        tax_code=organisation.tax_code,
        phone=organisation.phone,
        representative=organisation.representative,
        position=organisation.position,
    )


def _copy_lines(memorandum: Memorandum, lines: Sequence[Line]) -> None:
    products = Product.objects.filter(pk__in=[line.product.pk for line in lines])
    found: QuerySet[Any] = with_certificate(products, timezone.localdate())
    certified = {row.pk: row for row in found}
    Item.objects.bulk_create(
        Item(
            memorandum=memorandum,
            order=order,
            product=line.product,
            name=line.product.name,
            stars=row.stars if row.is_certified else None,
            decision=row.decision if row.is_certified else "",
            unit=line.product.unit,
            quantity=line.quantity,
            period=line.period,
            reference_price=line.product.reference_price,
        )
        for order, line in enumerate(lines, start=1)
        for row in [certified[line.product.pk]]
    )


@transaction.atomic(durable=True)
def freeze_memorandum(*, memorandum: Memorandum, actor: User | None) -> Memorandum:
    """Take a number, freeze and hash the content: from now on it is signed as it stands.

    Raises NotAllowed, StaleState, DomainError `memorandum.no_products`,
    `memorandum.expired`, `memorandum.incomplete`, `memorandum.unprintable`.
    """
    require_organiser(actor, memorandum.fair)
    row = lock_row(memorandum)
    _require_readiness(row)
    register = _locked_register(row.fair)
    number = register.last_number + 1
    content = content_of(row, number=number, year=register.year)
    missing = missing_glyphs(printed_text(content))
    if missing:
        raise DomainError(
            "memorandum.unprintable",
            _("These letters cannot be printed: %(letters)s"),
            letters=" ".join(sorted(missing)),
        )
    Register.objects.filter(pk=register.pk).update(last_number=number)
    MEMORANDUM.move(
        row,
        MemorandumState.READY,
        number=number,
        year=register.year,
        content=canonical(content).decode(),
        content_sha256=content_sha256(content),
    )
    record(row, actor, "mou.frozen", number=row.shown_number, content_sha256=row.content_sha256)
    return row


def _require_readiness(row: Memorandum) -> None:
    if not row.items.exists():
        raise DomainError("memorandum.no_products", _("Put at least one product in first."))
    if not row.witness or any(not party.representative for party in row.parties.all()):
        raise DomainError("memorandum.incomplete", _("Say who signs for A, for B and as witness."))


def _locked_register(fair: Fair) -> Register:
    year = timezone.localdate().year
    Register.objects.get_or_create(fair=fair, year=year)
    return lock_rows(Register.objects.filter(fair=fair, year=year))[0]
