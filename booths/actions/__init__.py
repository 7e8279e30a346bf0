"""Writes: applications, allocation and the floor plan."""

from booths.actions.desk import (
    publish_allocation,
    record_takings,
    start_allocation,
)
from booths.actions.review import decide_applications

__all__ = ["decide_applications", "publish_allocation", "record_takings", "start_allocation"]
