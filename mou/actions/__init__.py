"""Writes: memoranda from the first draft to the last signature."""

from mou.actions.drawing import STANDARD, Line, draw_up_memorandum, freeze_memorandum
from mou.actions.signing import (
    SESSION_LIFE,
    STATION,
    decline_memorandum,
    open_session,
    sign_memorandum,
)

__all__ = [
    "SESSION_LIFE",
    "STANDARD",
    "STATION",
    "Line",
    "decline_memorandum",
    "draw_up_memorandum",
    "freeze_memorandum",
    "open_session",
    "sign_memorandum",
]
