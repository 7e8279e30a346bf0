"""The life of a memorandum."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Transitions


class MemorandumState(TextChoices):
    """`ready` is frozen and numbered, `signed` waits for its seal, `sealed` is in force.

    One that was printed and signed by hand is in force as `paper`: it has a scan and no seal.
    """

    DRAFT = "draft", _("Draft")
    READY = "ready", _("Ready to sign")
    SIGNING = "signing", _("Being signed")
    SIGNED = "signed", _("Signed, waiting for the seal")
    SEALED = "sealed", _("In force")
    PAPER = "paper", _("In force, signed on paper")
    DECLINED = "declined", _("Declined")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    VOID = "void", _("Void")


# The content can no longer change.
FROZEN = tuple(state for state in MemorandumState if state is not MemorandumState.DRAFT)
SIGNABLE = (MemorandumState.READY, MemorandumState.SIGNING)
# Those with an original, sealed or on paper.
GENUINE = (
    *(MemorandumState.SEALED, MemorandumState.PAPER),
    *(MemorandumState.EXPIRED, MemorandumState.TERMINATED),
)

MEMORANDUM = Transitions(
    {
        MemorandumState.DRAFT: frozenset({MemorandumState.READY, MemorandumState.VOID}),
        MemorandumState.READY: frozenset(
            {
                MemorandumState.SIGNING,
                MemorandumState.PAPER,
                MemorandumState.DRAFT,
                MemorandumState.DECLINED,
                MemorandumState.VOID,
            }
        ),
        MemorandumState.SIGNING: frozenset(
            {
                MemorandumState.SIGNED,
                MemorandumState.PAPER,
                MemorandumState.DRAFT,
                MemorandumState.DECLINED,
                MemorandumState.VOID,
            }
        ),
        MemorandumState.SIGNED: frozenset({MemorandumState.SEALED, MemorandumState.VOID}),
        MemorandumState.SEALED: frozenset(
            {MemorandumState.EXPIRED, MemorandumState.TERMINATED, MemorandumState.VOID}
        ),
        MemorandumState.PAPER: frozenset(
            {MemorandumState.EXPIRED, MemorandumState.TERMINATED, MemorandumState.VOID}
        ),
        MemorandumState.DECLINED: frozenset(),
        MemorandumState.EXPIRED: frozenset(),
        MemorandumState.TERMINATED: frozenset(),
        MemorandumState.VOID: frozenset(),
    }
)

# What can still run out or be ended.
IN_FORCE = tuple(
    state for state in MemorandumState if MEMORANDUM.allows(state, MemorandumState.EXPIRED)
)
