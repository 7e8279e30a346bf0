"""What the worker does for memoranda: sealing, sending copies, asking what became of them."""

from mou.tasks.copies import (
    ask_for_copy,
    send_copy,
)
from mou.tasks.followup import (
    ask_follow_ups,
    send_follow_up,
)
from mou.tasks.forgetting import (
    forget,
)
from mou.tasks.register import (
    ask_checkpoint,
    ask_daily,
    expire_memoranda,
    make_checkpoint,
)
from mou.tasks.sealing import (
    ask_for_seal,
    seal_memorandum,
    tell_of_late_seals,
    watch_seals,
)
from mou.tasks.webhooks import (
    deliver_message,
)

__all__ = [
    "ask_checkpoint",
    "ask_daily",
    "ask_follow_ups",
    "ask_for_copy",
    "ask_for_seal",
    "deliver_message",
    "expire_memoranda",
    "forget",
    "make_checkpoint",
    "seal_memorandum",
    "send_copy",
    "send_follow_up",
    "tell_of_late_seals",
    "watch_seals",
]
