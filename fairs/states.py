"""The life of a plan and of a fair."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Transitions


class FairState(TextChoices):
    DRAFT = "draft", _("Draft")
    ANNOUNCED = "announced", _("Announced")
    REGISTERING = "registering", _("Open for applications")
    ALLOCATING = "allocating", _("Allocating booths")
    PUBLISHED = "published", _("Booths published")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    REPORTED = "reported", _("Reported")
    CANCELLED = "cancelled", _("Cancelled")


PUBLIC = tuple(state for state in FairState if state is not FairState.DRAFT)
# From here on the public sees who has which booth.
BOOTHS_SHOWN = (
    FairState.PUBLISHED,
    FairState.RUNNING,
    FairState.CLOSED,
    FairState.REPORTED,
)
OVER = (FairState.CLOSED, FairState.REPORTED, FairState.CANCELLED)
# Booths are given out by the day: until then a fair can be held on other days.
MOVABLE = (
    FairState.DRAFT,
    FairState.ANNOUNCED,
    FairState.REGISTERING,
    FairState.ALLOCATING,
)

_MOVES = {
    FairState.DRAFT: {FairState.ANNOUNCED},
    FairState.ANNOUNCED: {FairState.REGISTERING},
    FairState.REGISTERING: {FairState.ALLOCATING},
    FairState.ALLOCATING: {FairState.PUBLISHED, FairState.REGISTERING},
    # Back again: a waiting list is refilled, or booths were called published too early.
    FairState.PUBLISHED: {FairState.RUNNING, FairState.ALLOCATING},
    FairState.RUNNING: {FairState.CLOSED},
    FairState.CLOSED: {FairState.REPORTED},
    FairState.REPORTED: set(),
    FairState.CANCELLED: set(),
}
FAIR = Transitions(
    {
        state: frozenset(following if state in OVER else {*following, FairState.CANCELLED})
        for state, following in _MOVES.items()
    }
)


class DeliveryState(TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    ON_PAPER = "on_paper", _("On paper")
    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
