"""A frozen memorandum as plain values for the page, and as finished paper."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from core import qr
from core.pdf import Attachment, Paper
from core.press.writing import write_paper
from core.vietnam import formal_date, shown_date, shown_number, shown_phone
from mou.paper.canonical import ContentError, canonical
from mou.paper.content import (
    ROLES,
    Annex,
    Content,
    Item,
    Party,
    SignatureRecord,
    Terms,
    content_sha256,
    read_content,
    signature_sha256,
)
from mou.paper.setting import memorandum_sheets
from mou.paper.strokes import INK, WIDTH, Strokes, drawn
from mou.paper.wording import fill_all, wording_sha256

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it goes on the paper: its record and the strokes the record speaks of."""

    record: SignatureRecord
    strokes: Strokes


def memorandum_context(
    content: Content, signatures: Sequence[Signature], *, code: str, verify_url: str
) -> dict[str, Any]:
    """Return plain values for the template.

    `code` is the public code as people read it, `verify_url` the page that checks it; in the
    QR code it stands in capitals, which needs a smaller symbol (ISO/IEC 18004, alphanumeric
    mode). What is printed is what is hashed: the content is read back from its canonical form
    first. Raises ContentError `content.other_signature` for a signature that belongs to
    another content, other strokes or a role that is taken, and whatever `canonical` raises.
    """
    content = read_content(json.loads(canonical(content)))
    digest = content_sha256(content)
    _check_signatures(signatures, digest)
    host = urlsplit(verify_url).netloc.lower()
    wording = fill_all(content.wording, _values(content, host))
    labels = wording["labels"]
    return {
        "wording": wording,
        "articles": list(enumerate(wording["articles"], start=1)),
        "number": content.name,
        "place_date": f"{content.place}, {formal_date(content.date)}",
        "parties": [
            _party(content.party_a, wording["parties"]["a"], labels),
            _party(content.party_b, wording["parties"]["b"], labels),
        ],
        "items": [_item(item, labels) for item in content.items],
        "annex": _annex(content.annex),
        "signatures": _blocks(content, signatures, wording),
        "is_signed": len(signatures) == len(ROLES),
        "box": {"width": WIDTH, "ink": INK},
        "verification": {
            **_symbol(verify_url, labels["qr"]["vi"]),
            "host": host,
            "code": code,
            "content_sha256": digest,
        },
        "running": f"{labels['number']['vi']} {content.name} · {digest[:16]}",
    }


def memorandum_pdf(
    content: Content,
    signatures: Sequence[Signature],
    *,
    code: str,
    verify_url: str,
    identifier: bytes,
    created: datetime,
    mark: str = "",
) -> Paper:
    """Draw the memorandum as PDF/A-3a and PDF/UA-1, with the record it stands on attached.

    `identifier` is the memorandum's 16 bytes, `created` an aware moment; the same arguments
    give the same bytes. With no signature the paper says that it is not in effect; `mark` stands
    at the foot of each of its pages. Raises what `memorandum_context` and `write_paper` raise.
    """
    context = memorandum_context(content, signatures, code=code, verify_url=verify_url)
    if mark:
        context["running"] = f"{mark} · {context['running']}"
    return write_paper(
        memorandum_sheets(context),
        title=f"{content.wording['title']['vi'].capitalize()} số {content.name}",
        language="vi",
        identifier=identifier,
        created=created,
        attachments=[Attachment(name="mou.json", content=record_json(content, signatures))],
    )


def record_json(content: Content, signatures: Sequence[Signature]) -> bytes:
    """Return the canonical record that travels inside the paper: content and signature hashes."""
    return canonical(
        {
            "content": content,
            "content_sha256": content_sha256(content),
            "wording_sha256": wording_sha256(content.wording),
            "signatures": [
                {"role": signature.record.role, "sha256": signature_sha256(signature.record)}
                for signature in signatures
            ],
        }
    )


def printed_text(content: Content) -> str:
    """Return every text that the content puts on paper, for `core.pdf.missing_glyphs`."""
    return canonical(content).decode()


def _check_signatures(signatures: Sequence[Signature], digest: str) -> None:
    roles = [signature.record.role for signature in signatures]
    if len(set(roles)) < len(roles) or any(
        signature.record.content_sha256 != digest
        or signature.record.strokes_sha256 != signature.strokes.sha256
        for signature in signatures
    ):
        raise ContentError(
            "content.other_signature", _("A signature belongs to another text of the memorandum.")
        )


def _values(content: Content, host: str) -> dict[str, str]:
    figures = {
        field.name: str(getattr(content.terms, field.name))
        for field in fields(Terms)
        if field.name != "expires_on"
    }
    return {
        **figures,
        "expires_on": formal_date(content.terms.expires_on),
        "expires_on.en": _english_date(content.terms.expires_on),
        "date": formal_date(content.date),
        "date.en": _english_date(content.date),
        "event": content.event,
        "venue": content.venue,
        "host": host,
        "party": "…",
    }


def _english_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _party(party: Party, caption: Mapping[str, str], labels: Mapping[str, Any]) -> dict[str, Any]:
    """Rows of label and value, two to a line where both are short; empty ones are left out."""
    values = {
        "address": party.address,
        "tax_code": party.tax_code,
        "phone": shown_phone(party.phone) if party.phone else "",
        "representative": party.representative,
        "position": party.position,
        "authority": party.authority,
        "account": party.account,
    }
    lines = (
        ("address",),
        ("tax_code", "phone"),
        ("representative", "position"),
        ("authority",),
        ("account",),
    )
    rows = [
        [{"label": labels[name], "value": values[name]} for name in line if values[name]]
        for line in lines
    ]
    return {
        "caption": caption,
        "name": party.name,
        "kind": party.kind,
        "rows": [row for row in rows if row],
    }


def _item(item: Item, labels: Mapping[str, Any]) -> dict[str, str]:
    stars = f"{item.stars} {labels['stars']['vi']}" if item.stars else ""
    return {
        "name": item.name,
        "recognition": " – ".join(part for part in (stars, item.decision) if part),
        "unit": item.unit,
        "quantity": shown_number(item.quantity, "vi"),
        "period": item.period,
        "price": "" if item.reference_price is None else shown_number(item.reference_price, "vi"),
    }


def _annex(annex: Annex | None) -> dict[str, Any] | None:
    if annex is None:
        return None
    return {
        "number": annex.number,
        "of": annex.of,
        "code": annex.code,
        "changes": [{"old": each.old or "–", "new": each.new or "–"} for each in annex.changes],
    }


def _blocks(
    content: Content, signatures: Sequence[Signature], wording: Mapping[str, Any]
) -> dict[str, Any]:
    """One block for each role, in the paper's order; unsigned ones leave room for a pen."""
    by_role = {signature.record.role: signature for signature in signatures}
    blocks: dict[str, Any] = {}
    for role in ROLES:
        block: dict[str, Any] = {"caption": wording["captions"][role]}
        if role in by_role:
            block |= _drawn(by_role[role], wording["labels"])
        elif role != "witness":
            party = content.party_a if role == "party_a" else content.party_b
            block |= {"signer": party.representative, "position": party.position}
        blocks[role] = block
    return blocks


def _drawn(signature: Signature, labels: Mapping[str, Any]) -> dict[str, Any]:
    record = signature.record
    moment = record.server_at.astimezone(HANOI)
    return {
        "signer": record.signer,
        "position": record.position,
        "path": drawn(signature.strokes),
        "spoken": f"{labels['signature']['vi']} {record.signer}",
        "time": f"{shown_date(moment.date())} {moment:%H:%M:%S} {moment.isoformat()[-6:]}",
        "station": record.station,
    }


def _symbol(verify_url: str, spoken: str) -> dict[str, Any]:
    modules = qr.matrix(verify_url.upper())
    return {
        "symbol": qr.operators(modules),
        "symbol_side": len(modules) + 2 * qr.QUIET,
        "symbol_spoken": f"{spoken} {verify_url}",
    }
