"""Reads: everything that proves one memorandum, as plain values. No strokes, no phones."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone

from core import codes
from core.audit import AuditEvent
from mou.events import EVENTS
from mou.models import Memorandum, Rendition, Signature
from mou.queries.checkpoints import inclusion_of, statement_of

Plain = dict[str, Any]


def evidence_of(memorandum: Memorandum) -> Plain:
    """What stands on the evidence sheet; the same now and later but for what happens since."""
    originals = Rendition.objects.filter(memorandum=memorandum).order_by("revision", "pk")
    renditions = list(originals)
    return {
        "evidence": 1,
        "as_of": _moment(timezone.now()),
        "memorandum": _facts(memorandum),
        "content_sha256": memorandum.content_sha256,
        "files": [_file(each) for each in renditions],
        "signatures": _signatures(memorandum),
        "chain": {"stream": memorandum.fair.stream, "events": _events(memorandum)},
        "checkpoint": _checkpoint(memorandum, renditions),
    }


def _facts(row: Memorandum) -> Plain:
    return {
        "number": row.shown_number,
        "code": codes.shown(row.code),
        "verify_url": row.verify_url,
        "event": row.fair.title,
        "organiser": row.fair.organiser,
        "state": row.state,
        "state_reason": row.said_reason,
        "revision": row.revision,
        "parties": [party.name for party in row.parties.all()],
        "witness": row.witness,
        "signed_at": _moment(row.signed_at),
        "sealed_at": _moment(row.sealed_at),
        "expires_on": str(row.expires_on or ""),
        "ended_on": str(row.ended_on or ""),
    }


def _file(rendition: Rendition) -> Plain:
    return {
        "kind": rendition.kind,
        "revision": rendition.revision,
        "sha256": rendition.sha256,
        "pages": rendition.pages,
        "certificate_sha256": rendition.certificate_sha256,
        "timestamped_at": _moment(rendition.timestamped_at),
        "made_at": _moment(rendition.created_at),
    }


def _signatures(memorandum: Memorandum) -> list[Plain]:
    """Those of earlier revisions too; `skew` is how far the tablet's clock was ahead, seconds."""
    rows = Signature.objects.filter(memorandum=memorandum).select_related(
        "session__operator", "session__device"
    )
    return [_signature(row) for row in rows.order_by("signed_at", "pk")]


def _signature(row: Signature) -> Plain:
    record = json.loads(row.record)
    device_at, server_at = (
        datetime.fromisoformat(record[f"{at}_at"]) for at in ("device", "server")
    )
    session = row.session
    return {
        "role": row.role,
        "revision": row.revision,
        "signer": row.signer,
        "position": row.position,
        "station": record["station"],
        "operator": session.operator.name if session.operator else "",
        "device": str(session.device) if session.device else "",
        "device_at": _moment(device_at),
        "server_at": _moment(server_at),
        "skew": round((device_at - server_at).total_seconds()),
        "drawn_at": _moment(row.drawn_at),
        "read_seconds": row.read_seconds,
        "consent_version": record["consent_version"],
        "content_sha256": record["content_sha256"],
        "strokes_sha256": row.strokes_sha256,
        "record_sha256": row.record_sha256,
        "superseded_at": _moment(row.superseded_at),
    }


def _events(memorandum: Memorandum) -> list[Plain]:
    """With every field that the hash of an event is made of, to be computed again."""
    events = AuditEvent.objects.filter(
        stream=memorandum.fair.stream, subject=memorandum.code
    ).select_related("actor")
    return [
        {
            "number": event.number,
            "at": _moment(event.at),
            "type": EVENTS.get(event.verb, event.verb),
            "verb": event.verb,
            "actor": event.actor_id,
            "actor_name": event.actor.name if event.actor else "",
            "subject": event.subject,
            "facts": event.facts,
            "previous_hash": event.previous_hash,
            "hash": event.hash,
        }
        for event in events.order_by("number")
    ]


def _checkpoint(memorandum: Memorandum, renditions: list[Rendition]) -> Plain | None:
    sealed = [each for each in renditions if each.kind == Rendition.Kind.SEALED]
    inclusion = inclusion_of(memorandum, sealed[-1]) if sealed else None
    if inclusion is None:
        return None
    return {
        "statement": json.loads(statement_of(inclusion.checkpoint).text),
        "signature": inclusion.checkpoint.signature,
        "leaf": sealed[-1].sha256,
        "index": inclusion.index,
        "proof": list(inclusion.proof),
    }


def _moment(moment: datetime | None) -> str:
    return timezone.localtime(moment).isoformat() if moment else ""
