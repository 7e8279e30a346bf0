"""Writes: applications, allocation and the floor plan."""

from booths.actions.desk import (
    publish_allocation,
    record_takings,
    review_applications,
    start_allocation,
)

__all__ = ["publish_allocation", "record_takings", "review_applications", "start_allocation"]
