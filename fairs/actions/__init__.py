"""Writes: plans, fairs and their programme."""

from fairs.actions.fairs import (
    move_fair,
)

__all__ = [
    "move_fair",
]
