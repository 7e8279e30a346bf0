"""Checkpoints of the register, and what they reveal of changes behind our back."""

import base64
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import translation

from core import audit
from core.jobs import Job
from core.tasks import run_job
from mou import queries, tasks
from mou.models import Checkpoint, Memorandum, Rendition
from mou.paper.checkpoint import signer_of
from mou.paper.merkle import is_included
from tests.databases import guards_off
from tests.mou.scenes import make_checkpoint, make_frozen, make_sealed
from tests.services import needs

pytestmark = pytest.mark.django_db


# --- checkpoints --------------------------------------------------------------------------


def test_a_checkpoint_states_the_chain_and_the_sealed_files_and_openssl_agrees(
    client: Client, tmp_path: Path
) -> None:
    row = make_sealed()
    checkpoint = make_checkpoint(row.fair, "day")
    assert checkpoint is not None
    rendition = queries.sealed_rendition(row)
    assert rendition is not None
    inclusion = queries.inclusion_of(row, rendition)
    assert inclusion is not None
    assert is_included(
        bytes.fromhex(rendition.sha256),
        index=inclusion.index,
        size=checkpoint.size,
        proof=[bytes.fromhex(each) for each in inclusion.proof],
        root=bytes.fromhex(checkpoint.root),
    )
    for name, suffix in (("checkpoint_statement", "json"), ("checkpoint_signature", "p7s")):
        answer = client.get(reverse(name, args=[row.fair.code, 1]))
        (tmp_path / f"1.{suffix}").write_bytes(answer.content)
    command = [needs("openssl"), "cms", "-verify", "-noverify", "-binary", "-inform", "DER"]
    command += ["-in", "1.p7s", "-content", "1.json"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert said.returncode == 0, said.stderr
    (tmp_path / "1.json").write_bytes(b"{}")
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert said.returncode != 0
    assert checkpoint.root in client.get(reverse("verify_log")).content.decode()
    assert checkpoint.root in client.get(reverse("verify_code", args=[row.code])).content.decode()


def test_a_checkpoint_is_made_once_an_occasion_and_only_of_something_new() -> None:
    row = make_frozen()
    first = make_checkpoint(row.fair, "one")
    assert make_checkpoint(row.fair, "one") == first
    assert make_checkpoint(row.fair, "two") == first
    make_frozen(row.fair)
    again = make_checkpoint(row.fair, "three")
    assert first
    assert again
    assert (first.number, again.number, again.size) == (1, 2, 0)


def test_every_day_asks_for_a_checkpoint_of_each_register_once() -> None:
    row = make_frozen()
    for _twice in range(2):
        tasks.ask_daily()
    [job] = Job.objects.filter(kind="mou.checkpoint")
    run_job(job.pk)
    assert Checkpoint.objects.get().fair == row.fair


def test_a_signature_over_something_else_is_nobodys() -> None:
    row = make_frozen()
    checkpoint = make_checkpoint(row.fair, "day")
    assert checkpoint
    signature = base64.b64decode(checkpoint.signature)
    statement = queries.statement_of(checkpoint)
    assert len(signer_of(statement, signature)) == 64
    checkpoint.size = 9
    assert signer_of(queries.statement_of(checkpoint), signature) == ""
    for rubbish in (b"", b"\0" * 40, signature[:-9], signature[::-1]):
        assert signer_of(statement, rubbish) == ""


TAMPERINGS: dict[str, tuple[Callable[[], object], str]] = {
    "a root": (
        lambda: Checkpoint.objects.filter(number=1).update(root="0" * 64),
        "checkpoint 1 does not fit the sealed files",
    ),
    "a head": (
        lambda: Checkpoint.objects.filter(number=1).update(head="0" * 64),
        "checkpoint 1 does not fit the chain",
    ),
    "a signature": (
        lambda: Checkpoint.objects.filter(number=2).update(
            signature=Checkpoint.objects.get(number=1).signature
        ),
        "checkpoint 2 has a signature that does not fit",
    ),
    "the last checkpoint": (
        lambda: Checkpoint.objects.filter(number=2).delete(),
        "checkpoint 2 is missing",
    ),
    "a number": (
        lambda: Memorandum.objects.filter(number=1).update(number=9),
        "number 1 is missing",
    ),
    "a content": (
        lambda: Memorandum.objects.filter(number=1).update(content="{}"),
        "the content was changed",
    ),
    "a sealed file": (
        lambda: Rendition.objects.update(sha256="0" * 64),
        "the original was changed",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_verify_audit_names_what_was_done_behind_our_back(name: str) -> None:
    row = make_sealed()
    make_checkpoint(row.fair, "one")
    make_frozen(row.fair)
    make_checkpoint(row.fair, "two")
    call_command("verify_audit")
    assert list(audit.find_breaks()) == []
    spoil, sentence = TAMPERINGS[name]
    with guards_off():
        spoil()
    with translation.override("en"), pytest.raises(CommandError, match=sentence):
        call_command("verify_audit")
