"""The evidence of one memorandum: enough to check it without us, and nobody's particulars."""

import ast
import base64
import hashlib
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from core.audit import GENESIS, AuditEvent
from mou import queries
from mou.events import EVENTS, TYPES
from mou.models import Checkpoint, Memorandum, Signature
from mou.paper.checkpoint import signer_of
from mou.paper.merkle import is_included
from tests import builders
from tests.mou.scenes import make_checkpoint, make_frozen, make_sealed
from tests.services import needs

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> Memorandum:
    """In force, and in a checkpoint."""
    row = make_sealed()
    make_checkpoint(row.fair, "day")
    return row


def _verbs(tree: ast.AST) -> Iterator[str]:
    """Whatever is recorded, or may be given as a verb, in a file."""
    for node in ast.walk(tree):
        given: list[ast.AST | None] = []
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [*node.args] if name == "record" else []
            given += [each.value for each in node.keywords if each.arg == "verb"]
        elif isinstance(node, ast.arguments):
            pairs = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            given = [default for each, default in pairs if each.arg == "verb"]
        for each in given:
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def test_every_verb_that_is_recorded_is_in_the_closed_list() -> None:
    sources = Path(apps.get_app_config("mou").path).rglob("*.py")
    trees = [ast.parse(source.read_text(encoding="utf-8")) for source in sources]
    found = {verb for tree in trees for verb in _verbs(tree)}
    assert {"mou.frozen", "mou.sealed", "mou.downloaded"} <= found
    assert found - EVENTS.keys() == set()
    assert set(EVENTS.values()) == set(TYPES)


def test_the_hashes_of_the_events_can_be_computed_again_from_the_evidence(
    sealed: Memorandum,
) -> None:
    evidence = queries.evidence_of(sealed)
    chain = evidence["chain"]
    events = chain["events"]
    assert [event["type"] for event in events] == [
        "frozen",
        *["session_opened", "signature_captured"] * 3,
        "all_signed",
        "sealed",
    ]
    for event in events:
        at = datetime.fromisoformat(event["at"]).astimezone(UTC)
        content = {
            **{name: event[name] for name in ("number", "actor", "verb", "subject", "facts")},
            "stream": chain["stream"],
            "at": at.isoformat(timespec="microseconds"),
            "previous_hash": event["previous_hash"],
        }
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(b"cho-phien-audit/1\0" + text.encode()).hexdigest()
        assert digest == event["hash"]
    assert AuditEvent.objects.get(number=1).previous_hash == GENESIS


def test_the_evidence_proves_the_sealed_file_by_a_checkpoint(sealed: Memorandum) -> None:
    evidence = queries.evidence_of(sealed)
    checkpoint, [file] = evidence["checkpoint"], evidence["files"]
    rendition = queries.sealed_rendition(sealed)
    assert rendition is not None
    assert file["sha256"] == hashlib.sha256(rendition.file.read()).hexdigest()
    assert is_included(
        bytes.fromhex(file["sha256"]),
        index=checkpoint["index"],
        size=checkpoint["statement"]["size"],
        proof=[bytes.fromhex(each) for each in checkpoint["proof"]],
        root=bytes.fromhex(checkpoint["statement"]["root"]),
    )
    statement = queries.statement_of(Checkpoint.objects.get())
    signature = base64.b64decode(checkpoint["signature"])
    assert signer_of(statement, signature) == file["certificate_sha256"]


def test_the_sheet_says_who_signed_where_by_both_clocks_and_no_phone_and_no_strokes(
    sealed: Memorandum, desk: Client
) -> None:
    phone = "0912 345 678"
    said = desk.get(reverse("memorandum_evidence_json", args=[sealed.code])).content.decode()
    sheet = desk.get(reverse("memorandum_evidence", args=[sealed.code])).content
    run = subprocess.run(
        [needs("pdftotext"), "-", "-"], input=sheet, capture_output=True, check=True
    )
    flat = "".join(run.stdout.decode().split())
    first = json.loads(said)["signatures"][0]
    assert (first["signer"], first["role"]) == ("Vũ Văn Định", "party_a")
    signed = Signature.objects.filter(memorandum=sealed).order_by("signed_at").first()
    assert signed is not None
    device_at = datetime(2026, 12, 2, 2, 38, 12, tzinfo=UTC)
    assert first["skew"] == round((device_at - signed.signed_at).total_seconds())
    for each in (signed.record_sha256, sealed.content_sha256, sealed.shown_number, "VũVănĐịnh"):
        assert each in flat
    for text in (said, flat):
        assert signed.strokes not in text
        for spelling in (phone, phone.replace(" ", ""), "+84912345678"):
            assert spelling not in text


def test_a_number_without_a_seal_has_evidence_too_and_a_draft_has_none(desk: Client) -> None:
    frozen, draft = make_frozen(), builders.make_memorandum()
    assert desk.get(reverse("memorandum_evidence", args=[frozen.code])).status_code == 200
    assert desk.get(reverse("memorandum_evidence", args=[draft.code])).status_code == 404
    assert queries.evidence_of(frozen)["checkpoint"] is None


def test_taking_the_original_is_written_down(sealed: Memorandum, desk: Client) -> None:
    answer = desk.get(reverse("memorandum_file", args=[sealed.code]))
    assert b"".join(answer)[:5] == b"%PDF-"
    assert AuditEvent.objects.filter(verb="mou.downloaded", subject=sealed.code).count() == 1
