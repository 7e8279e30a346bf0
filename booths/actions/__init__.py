"""Writes: applications, allocation and the floor plan."""

from booths.actions.desk import (
    publish_allocation,
    record_takings,
    start_allocation,
)
from booths.actions.review import review_applications

__all__ = ["publish_allocation", "record_takings", "review_applications", "start_allocation"]
