"""What follows from a seal, in the transaction that publishes it."""

from mou.models import Memorandum
from mou.tasks.copies import ask_for_copies
from mou.tasks.followup import plan_follow_ups


def after_seal(row: Memorandum) -> None:
    """Plan the questions of the coming year and send both sides their link. Twice is once."""
    plan_follow_ups(row)
    ask_for_copies(row)
