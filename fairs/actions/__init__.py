"""Writes: plans, fairs and their programme."""

from fairs.actions.fairs import (
    move_fair,
)
from fairs.actions.figures import (
    Sale,
    count_visitors,
    record_sales,
)
from fairs.actions.planner import (
    check_shift,
    shift_fair,
)
from fairs.actions.programme import (
    SessionContent,
    add_session,
    add_stage,
    change_session,
    delete_session,
    delete_stage,
    move_session,
    rename_stage,
    reorder_stage,
)

__all__ = [
    "Sale",
    "SessionContent",
    "add_session",
    "add_stage",
    "change_session",
    "check_shift",
    "count_visitors",
    "delete_session",
    "delete_stage",
    "move_fair",
    "move_session",
    "record_sales",
    "rename_stage",
    "reorder_stage",
    "shift_fair",
]
