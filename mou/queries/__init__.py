"""Reads: memoranda through the gate, what the verify page may say, what the register counts."""

from mou.queries.checkpoints import (
    Inclusion,
    checkpoints,
    inclusion_of,
    latest_checkpoint,
    next_statement,
    statement_of,
)
from mou.queries.evidence import evidence_of
from mou.queries.memoranda import (
    Related,
    count_signed,
    expires_after,
    memoranda_of,
    memorandum_for,
    operated_memorandum_for,
    related_of,
)
from mou.queries.register import (
    Filter,
    Totals,
    party_provinces,
    register_rows,
    root_lines,
    totals_of,
)
from mou.queries.sealing import late_seals, organisers_to_tell, rests, unsealed_memoranda
from mou.queries.signing import Turn, may_sign, open_session_of, turns_of
from mou.queries.verification import (
    genuine_memorandum,
    known_certificates,
    sealed_rendition,
    verdict_on,
)

__all__ = [
    "Filter",
    "Inclusion",
    "Related",
    "Totals",
    "Turn",
    "checkpoints",
    "count_signed",
    "evidence_of",
    "expires_after",
    "genuine_memorandum",
    "inclusion_of",
    "known_certificates",
    "late_seals",
    "latest_checkpoint",
    "may_sign",
    "memoranda_of",
    "memorandum_for",
    "next_statement",
    "open_session_of",
    "operated_memorandum_for",
    "organisers_to_tell",
    "party_provinces",
    "register_rows",
    "related_of",
    "rests",
    "root_lines",
    "sealed_rendition",
    "statement_of",
    "totals_of",
    "turns_of",
    "unsealed_memoranda",
    "verdict_on",
]
