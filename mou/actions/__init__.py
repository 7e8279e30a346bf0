"""Writes: memoranda from the first draft to the last signature."""

from mou.actions.drawing import STANDARD, Line, draw_up_memorandum, freeze_memorandum
from mou.actions.endings import (
    agree_void,
    ask_void,
    draw_up_annex,
    draw_up_replacement,
    refuse_void,
    terminate_memorandum,
)
from mou.actions.records import note_download
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
    "agree_void",
    "ask_void",
    "decline_memorandum",
    "draw_up_annex",
    "draw_up_memorandum",
    "draw_up_replacement",
    "freeze_memorandum",
    "note_download",
    "open_session",
    "refuse_void",
    "sign_memorandum",
    "terminate_memorandum",
]
