"""A signed memorandum becomes its sealed original, from what was frozen and nothing else."""

import json
import logging
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import codes
from core.errors import DomainError
from mou.models import Memorandum, SignerRole
from mou.models import Party as PartyRow
from mou.models import Signature as SignatureRow
from mou.paper.annex import changes_between
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
)
from mou.paper.layout import Signature, memorandum_context, memorandum_pdf
from mou.paper.proof import SELF_CHECK
from mou.paper.seal import SealKey, require_usable, seal
from mou.paper.strokes import stored_strokes
from mou.paper.timestamp import Authority, TimestampError
from mou.paper.verdict import Word, judge
from mou.paper.wording import fill
from mou.sealing import seal_key
from mou.states import IN_FORCE

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Original:
    """A sealed PDF and what is noted about it."""

    pdf: bytes
    pages: int
    certificate_sha256: str
    timestamped_at: datetime | None = None


NOT_SIGNED = _("This memorandum is not signed by all yet.")

# As the Vietnamese paper says it.
PERIODS = {"month": "tháng", "season": "vụ", "year": "năm"}
KINDS = {
    "enterprise": "Doanh nghiệp",
    "cooperative": "Hợp tác xã",
    "cooperative group": "Tổ hợp tác",
    "household business": "Hộ kinh doanh",
    "farm": "Trang trại",
    "artisan": "Nghệ nhân",
}


def content_of(row: Memorandum, *, number: int, year: int) -> Content:
    """What the memorandum says now, as plain values to be frozen under this number."""
    sides = {party.side: _party(party) for party in row.parties.all()}
    content = Content(
        number=number,
        year=year,
        event_code=row.fair.register_code,
        event=row.fair.title,
        place=row.place,
        venue=row.fair.venue.name if row.fair.venue else row.place,
        date=timezone.localdate(),
        party_a=sides[SignerRole.PARTY_A],
        party_b=sides[SignerRole.PARTY_B],
        items=tuple(
            Item(
                name=item.name,
                stars=item.stars,
                decision=item.decision,
                unit=item.unit,
                quantity=item.quantity,
                period=PERIODS[item.period],
                reference_price=item.reference_price,
            )
            for item in row.items.all()
        ),
        terms=Terms(expires_on=_last_day(row), **row.terms),
        wording=row.wording.content,
        revision=row.revision,
    )
    return replace(content, annex=_annex(row, content)) if row.annex_of else content


def _annex(row: Memorandum, content: Content) -> Annex:
    """What this annex says anew; it keeps its number when it is frozen again.

    Raises DomainError `annex.no_changes`.
    """
    parent = row.annex_of
    assert parent is not None
    siblings = parent.annexes.exclude(pk=row.pk).exclude(content="").order_by("sealed_at", "pk")
    made = {each: _frozen_annex(each) for each in siblings}
    # The text in force is that of the annex that was sealed last.
    standing = [each for each in made if each.state in IN_FORCE]
    changes = changes_between(frozen_content(standing[-1] if standing else parent), content)
    if not changes:
        raise DomainError("annex.no_changes", _("The annex changes nothing yet: edit it first."))
    number = _frozen_annex(row) if row.content else max(made.values(), default=0) + 1
    return Annex(
        number=number,
        of=parent.shown_number,
        code=codes.shown(parent.code),
        content_sha256=parent.content_sha256,
        changes=changes,
    )


def _frozen_annex(row: Memorandum) -> int:
    number: int = json.loads(row.content)["annex"]["number"]
    return number


def _party(party: PartyRow) -> Party:
    return Party(
        name=party.name,
        kind=KINDS[party.kind],
        address=party.address,
        representative=party.representative,
        position=party.position,
        tax_code=party.tax_code,
        phone=party.phone,
        authority=party.authority,
        account=party.account,
    )


def _last_day(row: Memorandum) -> date:
    if row.expires_on is None or row.expires_on <= timezone.localdate():
        raise DomainError("memorandum.expired", _("The last day must be in the future."))
    return row.expires_on


def frozen_content(memorandum: Memorandum) -> Content:
    """The content as it was frozen. Raises DomainError `content.changed` if its hash is another."""
    content = read_content(json.loads(memorandum.content))
    if content_sha256(content) != memorandum.content_sha256:
        raise DomainError("content.changed", _("The frozen content was changed after freezing."))
    return content


def memorandum_text(memorandum: Memorandum) -> dict[str, Any]:
    """The whole text as it will be printed, for a page that shows it before signing."""
    return memorandum_context(
        frozen_content(memorandum),
        [],
        code=codes.shown(memorandum.code),
        verify_url=memorandum.verify_url,
    )


def consent_statements(memorandum: Memorandum, role: str) -> list[str]:
    """What this signer must say yes to, in the reader's language; each is ticked by itself."""
    party = next((each for each in memorandum.parties.all() if each.side == role), None)
    wanted = frozen_content(memorandum).wording["consent"]["party" if party else "witness"]
    language = "en" if get_language() == "en" else "vi"
    return [fill(line[language], {"party": party.name if party else ""}) for line in wanted]


def seal_original(memorandum: Memorandum) -> Original:
    """Draw the memorandum once, seal it once, and judge the result as the public page would.

    Raises DomainError `seal.self_check` if our own verdict would not recognise the seal, and
    TimestampError where a timestamp is required and not to be had now.
    """
    key = seal_key()
    require_usable(key, now=timezone.now())
    paper = memorandum_pdf(
        frozen_content(memorandum),
        live_signatures(memorandum),
        code=codes.shown(memorandum.code),
        verify_url=memorandum.verify_url,
        identifier=uuid5(NAMESPACE_URL, f"{memorandum.verify_url}#{memorandum.revision}").bytes,
        created=_moment(memorandum.signed_at),
    )
    pdf, is_timestamped = _sealed(memorandum, paper.content, key)
    verdict = judge(pdf, known=lambda _sha256: False, pinned=frozenset({key.fingerprint}))
    stamp = verdict.facts.get("timestamped_at")
    if verdict.word is not Word.SEALED_UNKNOWN or bool(stamp) is not is_timestamped:
        raise DomainError("seal.self_check", SELF_CHECK)
    moment = datetime.fromisoformat(str(stamp)) if stamp else None
    return Original(pdf, paper.pages, key.fingerprint, moment)


def _sealed(memorandum: Memorandum, paper: bytes, key: SealKey) -> tuple[bytes, bool]:
    """The paper sealed, and whether with a timestamp; without one only where that is allowed."""
    give = partial(
        seal,
        paper,
        key,
        reason=f"Niêm phong biên bản ghi nhớ số {memorandum.shown_number}",
        location=memorandum.place,
    )
    if settings.SEAL_TIMESTAMP_URL:
        try:
            return give(authority=Authority(settings.SEAL_TIMESTAMP_URL)), True
        except TimestampError as error:
            if settings.SEAL_TIMESTAMP_REQUIRED:
                raise
            log.warning("%s is sealed without a timestamp: %s", memorandum.code, error.code)
    return give(), False


def live_signatures(memorandum: Memorandum) -> list[Signature]:
    """The signatures that hold, as they go on the paper.

    Raises DomainError `memorandum.not_signed` unless both parties and the witness have signed.
    """
    drawn = [_drawn(row) for row in memorandum.signatures.filter(superseded_at__isnull=True)]
    if {signature.record.role for signature in drawn} != set(ROLES):
        raise DomainError("memorandum.not_signed", NOT_SIGNED)
    return drawn


def print_for_hand(memorandum: Memorandum) -> bytes:
    """The frozen text with room for three pens, marked on each page as a print to be signed."""
    paper = memorandum_pdf(
        frozen_content(memorandum),
        [],
        code=codes.shown(memorandum.code),
        verify_url=memorandum.verify_url,
        identifier=uuid5(NAMESPACE_URL, f"{memorandum.verify_url}#{memorandum.revision}#").bytes,
        created=timezone.now(),
        mark="BẢN IN ĐỂ KÝ TAY",
    )
    return paper.content


def _moment(moment: datetime | None) -> datetime:
    if moment is None:
        raise DomainError("memorandum.not_signed", NOT_SIGNED)
    return moment


def _drawn(row: SignatureRow) -> Signature:
    plain = json.loads(row.record)
    record = SignatureRecord(
        **{
            **plain,
            "device_at": datetime.fromisoformat(plain["device_at"]),
            "server_at": datetime.fromisoformat(plain["server_at"]),
        }
    )
    return Signature(record, stored_strokes(row.strokes.encode()))
