"""Writes: memoranda from the first draft to the last signature."""

from mou.actions.asking import (
    ask_for_memorandum,
)
from mou.actions.ceremonies import (
    CeremonyContent,
    assign_memoranda,
    change_station,
    close_ceremony,
    create_ceremony,
    edit_ceremony,
    move_turn,
    release_memorandum,
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
from mou.actions.one_time_codes import (
    check_code,
    send_code,
)
from mou.actions.packets import (
    retry_packet,
    set_packet_aside,
    take_packet,
)
from mou.actions.papers import (
    attach_paper,
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
from mou.actions.stations import (
    enrol_device,
    invitation,
    invite_device,
    revoke_device,
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
    "CeremonyContent",
    "Details",
    "Line",
    "Particulars",
    "TooMany",
    "add_webhook",
    "agree_void",
    "answer_follow_up",
    "ask_for_memorandum",
    "ask_void",
    "assign_memoranda",
    "attach_paper",
    "change_station",
    "check_code",
    "close_ceremony",
    "count_check",
    "create_ceremony",
    "decline_memorandum",
    "discard_memorandum",
    "download_copy",
    "draw_up_annex",
    "draw_up_memorandum",
    "draw_up_replacement",
    "edit_ceremony",
    "edit_memorandum",
    "enrol_device",
    "freeze_memoranda",
    "freeze_memorandum",
    "invitation",
    "invite_device",
    "move_turn",
    "note_download",
    "open_session",
    "particulars_of",
    "print_copy_slip",
    "refuse_void",
    "release_memorandum",
    "remove_webhook",
    "reopen_memorandum",
    "retry_packet",
    "revoke_device",
    "rotate_secret",
    "send_code",
    "send_copy_again",
    "set_packet_aside",
    "sign_memorandum",
    "take_packet",
    "terminate_memorandum",
    "try_webhook",
]
