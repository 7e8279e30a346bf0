"""What follows from a seal, in the transaction that publishes it."""

from mou.models import Memorandum
from mou.tasks.copies import ask_for_copies
from mou.tasks.followup import plan_follow_ups
from mou.tasks.webhooks import announce


def after_seal(row: Memorandum) -> None:
    """Plan the questions of the coming year, send both sides their link, tell who listens."""
    plan_follow_ups(row)
    ask_for_copies(row)
    announce(row, "mou.sealed")
