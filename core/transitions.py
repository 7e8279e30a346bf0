"""State machines as tables: which states exist, which moves are allowed.

A move is a compare-and-set on the stored state, so of two people who press at
once one wins and the other is told; an illegal move is an error, never a silent
no-op.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from core.errors import StaleState


@dataclass(frozen=True)
class Transitions:
    """From each state to the states that may follow it."""

    moves: Mapping[str, frozenset[str]]

    def allows(self, old: str, new: str) -> bool:
        return new in self.moves[old]

    def move(self, row: Model, new: str, **changes: Any) -> None:
        """Move `row` to state `new`, setting `changes` in the same statement.

        Raises StaleState `state.illegal` if the table has no such move and
        `state.stale` if the stored state is no longer the one this row was read with.
        """
        old = row.state  # type: ignore[attr-defined]
        if not self.allows(old, new):
            raise StaleState(
                "state.illegal",
                _("This cannot be done now: from “%(old)s” there is no way to “%(new)s”."),
                old=label(row, old),
                new=label(row, new),
            )
        manager = type(row)._default_manager
        moved = manager.filter(pk=row.pk, state=old).update(state=new, **changes)
        if moved != 1:
            raise StaleState(
                "state.stale", _("Somebody else has just changed this. Look at it again, please.")
            )
        for name, value in {"state": new, **changes}.items():
            setattr(row, name, value)


def label(row: Model, state: str) -> str:
    """The state's name as people read it."""
    choices = dict(row._meta.get_field("state").flatchoices)  # type: ignore[union-attr]
    return str(choices[state])


def one_of(field: str, values: list[str]) -> Q:
    """The condition of a database check: `field` holds one of `values`."""
    return Q(**{f"{field}__in": values})
