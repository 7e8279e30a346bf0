"""The evidence sheet: all that proves one memorandum, and how to check it without us."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import pdf
from core.pdf import Paper
from mou.events import TYPES

TEMPLATE = "pdf/evidence.html"
STYLESHEET = "css/pdf-evidence.css"

Rows = list[list[str]]


def evidence_json(evidence: Mapping[str, Any]) -> bytes:
    """The evidence as a file that programs read."""
    text = json.dumps(evidence, ensure_ascii=False, sort_keys=True, indent=2)
    return text.encode()


def evidence_pdf(evidence: Mapping[str, Any], *, language: str, labels: Mapping[str, str]) -> Paper:
    """Draw it in this language, which must be the active one; the same evidence gives the same
    bytes. `labels` are the words for roles and states. Raises `core.pdf.PdfError`."""
    said = evidence_json(evidence)
    return pdf.render(
        TEMPLATE,
        {
            "title": _("Evidence for memorandum %(number)s")
            % {"number": evidence["memorandum"]["number"]},
            "as_of": evidence["as_of"],
            "sha256": hashlib.sha256(said).hexdigest(),
            "sections": [
                {"title": title, "rows": rows}
                for title, rows in _sections(evidence, labels)
                if rows
            ],
            "events": _events(evidence),
            "commands": _commands(),
        },
        stylesheets=[STYLESHEET],
        title=_("Evidence for memorandum %(number)s")
        % {"number": evidence["memorandum"]["number"]},
        language=language,
        identifier=hashlib.sha256(said).digest()[:16],
        created=datetime.fromisoformat(evidence["as_of"]),
        variant=None,
    )


def _sections(evidence: Mapping[str, Any], labels: Mapping[str, str]) -> list[tuple[str, Rows]]:
    signatures = [
        (
            _("Signature: %(role)s") % {"role": labels[each["role"]]},
            _signature(each),
        )
        for each in evidence["signatures"]
    ]
    return [
        (_("Memorandum"), _memorandum(evidence, labels)),
        *(
            (_("File of revision %(number)s") % {"number": each["revision"]}, _file(each))
            for each in evidence["files"]
        ),
        *signatures,
        (_("Checkpoint and inclusion proof"), _checkpoint(evidence["checkpoint"])),
    ]


def _given(rows: list[tuple[str, Any]]) -> Rows:
    return [[label, str(value)] for label, value in rows if value not in ("", None)]


def _memorandum(evidence: Mapping[str, Any], labels: Mapping[str, str]) -> Rows:
    facts = evidence["memorandum"]
    state = labels[facts["state"]]
    return _given(
        [
            (_("Number"), facts["number"]),
            (_("Code"), facts["code"]),
            (_("Verify page"), facts["verify_url"]),
            (_("Fair"), facts["event"]),
            (_("Organiser"), facts["organiser"]),
            (_("Parties"), "; ".join(facts["parties"])),
            (_("Witness"), facts["witness"]),
            (_("State"), f"{state}: {facts['state_reason']}" if facts["state_reason"] else state),
            (_("Revision"), facts["revision"]),
            (_("Signed"), facts["signed_at"]),
            (_("Sealed"), facts["sealed_at"]),
            (_("In effect until"), facts["expires_on"]),
            (_("Ended"), facts["ended_on"]),
            (_("Content SHA-256"), evidence["content_sha256"]),
        ]
    )


def _file(each: Mapping[str, Any]) -> Rows:
    return _given(
        [
            (_("Kind"), each["kind"]),
            (_("File SHA-256"), each["sha256"]),
            (_("Pages"), each["pages"]),
            (_("Made"), each["made_at"]),
            (_("Certificate of the seal (SHA-256)"), each["certificate_sha256"]),
            (_("Timestamp of an authority (RFC 3161)"), each["timestamped_at"]),
        ]
    )


def _signature(each: Mapping[str, Any]) -> Rows:
    return _given(
        [
            (_("Signer"), f"{each['signer']}, {each['position']}"),
            (_("Revision"), each["revision"]),
            (_("Table"), each["station"]),
            (_("Tablet"), each["device"]),
            (_("Operator"), each["operator"]),
            (_("Time of the server"), each["server_at"]),
            (_("Time of the tablet"), each["device_at"]),
            (_("Tablet ahead by, seconds"), each["skew"]),
            (_("Drawn offline at"), each["drawn_at"]),
            (_("Seconds of reading"), each["read_seconds"]),
            (_("Statements agreed to"), each["consent_version"]),
            (_("SHA-256 of the drawing"), each["strokes_sha256"]),
            (_("SHA-256 of the record"), each["record_sha256"]),
            (_("No longer counts since"), each["superseded_at"]),
        ]
    )


def _checkpoint(checkpoint: Mapping[str, Any] | None) -> Rows:
    if checkpoint is None:
        return []
    statement = checkpoint["statement"]
    return _given(
        [
            (_("Checkpoint"), statement["checkpoint"]),
            (_("Made"), statement["made_at"]),
            (_("Sealed files"), statement["size"]),
            (_("Merkle root"), statement["root"]),
            (_("Head of the chain"), f"{statement['length']}: {statement['head']}"),
            (_("Leaf"), f"{checkpoint['index']}: {checkpoint['leaf']}"),
            *(
                (_("Proof %(number)s") % {"number": number}, each)
                for number, each in enumerate(checkpoint["proof"], start=1)
            ),
        ]
    )


def _events(evidence: Mapping[str, Any]) -> Rows:
    return [
        [
            str(event["number"]),
            event["at"],
            str(TYPES.get(event["type"], event["type"])),
            event["actor_name"],
            event["hash"],
        ]
        for event in evidence["chain"]["events"]
    ]


def _commands() -> Rows:
    return [
        [_("The hash of the sealed file"), "sha256sum FILE.pdf"],
        [_("The seal"), "pdfsig FILE.pdf"],
        [
            _("The seal, with pyHanko and the certificate of the seal"),
            "pyhanko sign validate --trust CERTIFICATE.pem --pretty-print FILE.pdf",
        ],
        [
            _("The checkpoint, as downloaded from the list of checkpoints"),
            "openssl cms -verify -binary -inform DER -in N.p7s -content N.json -noverify",
        ],
        [
            _("The hash of an event: SHA-256 of these bytes"),
            "cho-phien-audit/1 \\0 {stream, number, at (UTC), actor, verb, subject, facts,"
            " previous_hash}: JSON, keys sorted, no spaces",
        ],
        [
            _("The inclusion proof: from the leaf up, the hashes side by side (RFC 6962)"),
            "SHA-256(0x00 leaf), SHA-256(0x01 left right)",
        ],
    ]
