"""Memoranda further along their way than builders take them."""

import json
from datetime import UTC, datetime
from typing import Any

from accounts.models import User
from core.tasks import run_job
from fairs.models import Fair
from mou import actions, tasks
from mou.models import Checkpoint, Memorandum, SignerRole
from tests import builders

STROKES = json.dumps(
    [[[20 + 4 * step, 100 + 40 * (step % 3), 0.5, 16 * step] for step in range(40)]]
)


def make_frozen(fair: Fair | None = None, **fields: Any) -> Memorandum:
    """Numbered, nobody has signed."""
    memorandum = builders.make_memorandum(fair, **fields)
    return actions.freeze_memorandum(memorandum=memorandum, actor=None)


def sign_by_all(memorandum: Memorandum, organiser: User) -> Memorandum:
    """Signed by three, waiting for its seal."""
    for role in SignerRole:
        token = actions.open_session(memorandum=memorandum, role=role, actor=organiser)
        actions.sign_memorandum(
            token=token,
            strokes=STROKES,
            has_consented=True,
            device_at=datetime(2026, 12, 2, 2, 38, 12, tzinfo=UTC),
            actor=organiser,
        )
    memorandum.refresh_from_db()
    return memorandum


def make_sealed(fair: Fair | None = None, **fields: Any) -> Memorandum:
    """Signed by all and sealed."""
    memorandum = make_frozen(fair, **fields)
    return seal(memorandum, builders.make_organiser(memorandum.fair))


def seal(memorandum: Memorandum, organiser: User) -> Memorandum:
    """Signed by three and sealed by the worker."""
    signed = sign_by_all(memorandum, organiser)
    assert signed.job is not None
    run_job(signed.job.pk)
    signed.refresh_from_db()
    return signed


def make_checkpoint(fair: Fair, occasion: str) -> Checkpoint | None:
    """The checkpoint of this occasion, if there was something new."""
    job = tasks.ask_checkpoint(fair, occasion=occasion)
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done", job.error
    return Checkpoint.objects.filter(fair=fair).order_by("-number").first()
