"""Is this file the memorandum we sealed? One word and the facts behind it, for any bytes at all.

The hash of the whole file is asked first and PDF rules second: reading revisions of a hostile
file is a game that readers have lost before. Trust comes from the pinned certificate, not from
a list of authorities, and not from its dates either: a paper outlives its certificate.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from asn1crypto.cms import ContentInfo
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from core.errors import DomainError

MAX_BYTES = 5 * 1024 * 1024
TOO_LARGE = _("The file is larger than %(megabytes)s MB, so it is not one of ours.")


class Word(StrEnum):
    """The seven answers, in the order in which they are tried."""

    ORIGINAL = "original"
    UNSIGNED = "unsigned"
    BROKEN = "broken"
    FOREIGN_SEAL = "foreign_seal"
    ALTERED = "altered"
    APPENDED = "appended"
    SEALED_UNKNOWN = "sealed_unknown"


class VerdictError(DomainError):
    """A file that is not looked at; code `verdict.too_large`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer, and facts as plain values: always `sha256` and `size`, others where known.

    `certificate` (hexadecimal SHA-256), `certificate_name`, `sealed_at` (ISO moment as the
    sealer's clock had it), `timestamped_at` (the same in a timestamp server's word), `seals`
    (how many), `intact`, `coverage`, `modification`, `reason` (why the file is broken).
    """

    word: Word
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


def require_size(pdf: bytes) -> None:
    """Raise VerdictError `verdict.too_large` above `MAX_BYTES`."""
    if len(pdf) > MAX_BYTES:
        raise VerdictError("verdict.too_large", TOO_LARGE, megabytes=MAX_BYTES // 1024 // 1024)


def judge(pdf: bytes, *, known: Callable[[str], bool], pinned: frozenset[str]) -> Verdict:
    """Judge a file somebody brought.

    `known` says whether a hexadecimal SHA-256 is in the register; `pinned` holds the
    fingerprints of every certificate the organiser ever sealed with. `SEALED_UNKNOWN` is a
    true seal on a file the register does not have: an alarm. Raises VerdictError
    `verdict.too_large` above `MAX_BYTES`, and whatever `known` raises; nothing else.
    """
    require_size(pdf)
    facts: dict[str, str | int | bool] = {
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "size": len(pdf),
    }
    if known(str(facts["sha256"])):
        return Verdict(Word.ORIGINAL, facts)
    try:
        word = _judge_seal(pdf, pinned, facts)
    except Exception as error:  # noqa: BLE001 - a hostile file may break a reader in any way
        facts["reason"] = type(error).__name__
        word = Word.BROKEN
    return Verdict(word, facts)


def _judge_seal(pdf: bytes, pinned: frozenset[str], facts: dict[str, str | int | bool]) -> Word:
    """Judge by the first seal of ours, or by the first of all if none is; notes its facts."""
    seals = PdfFileReader(io.BytesIO(pdf), strict=True).embedded_regular_signatures
    facts["seals"] = len(seals)
    if not seals:
        return Word.UNSIGNED
    chosen = next((seal for seal in seals if _fingerprint(seal) in pinned), seals[0])
    # Whatever certificate sealed is its own root here: the pin below decides, not a path.
    context = ValidationContext(trust_roots=[chosen.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(chosen, context)
    facts["certificate"] = _fingerprint(chosen)
    facts["certificate_name"] = chosen.signer_cert.subject.human_friendly
    is_intact = bool(status.intact and status.valid) and _is_padded_with_zeros(chosen)
    facts["intact"] = is_intact
    if status.signer_reported_dt:
        facts["sealed_at"] = status.signer_reported_dt.isoformat()
    stamp = status.timestamp_validity
    if stamp is not None and stamp.intact and stamp.valid:
        facts["timestamped_at"] = stamp.timestamp.isoformat()
    if status.coverage is not None:
        facts["coverage"] = status.coverage.name
    if status.modification_level is not None:
        facts["modification"] = status.modification_level.name
    return _word(status, is_ours=facts["certificate"] in pinned, is_intact=is_intact)


def _word(status: PdfSignatureStatus, *, is_ours: bool, is_intact: bool) -> Word:
    if status.coverage in (None, SignatureCoverageLevel.UNCLEAR):
        return Word.BROKEN
    if not is_ours:
        return Word.FOREIGN_SEAL
    if not is_intact or status.modification_level is ModificationLevel.OTHER:
        return Word.ALTERED
    # pyHanko's own "bottom line" is true for bytes after the end; only the whole file untouched
    # will do here.
    if (
        status.coverage is not SignatureCoverageLevel.ENTIRE_FILE
        or status.modification_level is not ModificationLevel.NONE
        or not status.docmdp_ok
    ):
        return Word.APPENDED
    return Word.SEALED_UNKNOWN


def _is_padded_with_zeros(seal: EmbeddedPdfSignature) -> bool:
    """Whether nothing was written into the room left after the signature, which no hash covers."""
    room = bytes(seal.pkcs7_content)
    return not room[len(ContentInfo.load(room).dump()) :].strip(b"\0")


def _fingerprint(seal: EmbeddedPdfSignature) -> str:
    return str(seal.signer_cert.sha256.hex())
