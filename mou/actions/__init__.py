"""Writes: memoranda from the first draft to the last signature."""

from mou.actions.asking import (
    ask_for_memorandum,
)
from mou.actions.copies import (
    download_copy,
    print_copy_slip,
    send_copy_again,
)
from mou.actions.counting import (
    TooMany,
    count_check,
)
from mou.actions.drawing import (
    Line,
    Particulars,
    draw_up_memorandum,
    freeze_memoranda,
    freeze_memorandum,
    particulars_of,
)
from mou.actions.editing import (
    discard_memorandum,
    edit_memorandum,
    reopen_memorandum,
)
from mou.actions.endings import (
    agree_void,
    ask_void,
    draw_up_annex,
    draw_up_replacement,
    refuse_void,
    terminate_memorandum,
)
from mou.actions.followup import (
    Details,
    answer_follow_up,
)
from mou.actions.records import (
    note_download,
)
from mou.actions.signing import (
    SESSION_LIFE,
    STATION,
    decline_memorandum,
    open_session,
    sign_memorandum,
)
from mou.actions.webhooks import (
    add_webhook,
    remove_webhook,
    rotate_secret,
    try_webhook,
)
from mou.actions.wordings import (
    STANDARD,
)

__all__ = [
    "SESSION_LIFE",
    "STANDARD",
    "STATION",
    "Details",
    "Line",
    "Particulars",
    "TooMany",
    "add_webhook",
    "agree_void",
    "answer_follow_up",
    "ask_for_memorandum",
    "ask_void",
    "count_check",
    "decline_memorandum",
    "discard_memorandum",
    "download_copy",
    "draw_up_annex",
    "draw_up_memorandum",
    "draw_up_replacement",
    "edit_memorandum",
    "freeze_memoranda",
    "freeze_memorandum",
    "note_download",
    "open_session",
    "particulars_of",
    "print_copy_slip",
    "refuse_void",
    "remove_webhook",
    "reopen_memorandum",
    "rotate_secret",
    "send_copy_again",
    "sign_memorandum",
    "terminate_memorandum",
    "try_webhook",
]
