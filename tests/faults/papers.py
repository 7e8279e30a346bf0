"""Papers on their way, for tests that kill whoever works on them."""

import json
from datetime import UTC, datetime
from typing import Any

from mou.actions import freeze_memorandum, open_session, sign_memorandum
from mou.models import Memorandum, SignerRole
from tests.builders import make_memorandum, make_organiser

STROKES = json.dumps(
    [[[20 + 4 * step, 100 + 40 * (step % 3), 0.5, 16 * step] for step in range(40)]]
)


def sign_by_all(**fields: Any) -> Memorandum:
    """A memorandum that waits for its seal; `fields` as for `make_memorandum`."""
    draft = make_memorandum(**fields)
    actor = make_organiser(draft.fair)
    memorandum = freeze_memorandum(memorandum=draft, actor=actor)
    for role in SignerRole:
        sign_memorandum(
            token=open_session(memorandum=memorandum, role=role, actor=actor),
            strokes=STROKES,
            has_consented=True,
            device_at=datetime(2026, 12, 2, 2, 38, 12, tzinfo=UTC),
            actor=actor,
        )
    memorandum.refresh_from_db()
    return memorandum
