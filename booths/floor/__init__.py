"""A floor plan as a document: read, judged, numbered, compared and drawn, without Django.

Lengths are whole units of 10 cm; x goes right and y down from the upper left corner.
"""

from booths.floor.changes import (
    align_booths,
    copy_booths,
    edit_booths,
    move_booths,
    recode_booths,
    remove_booths,
    rotate_booths,
)
from booths.floor.difference import Change, compare_plans
from booths.floor.document import FORMAT, PlanError, Problem, read_plan, write_plan
from booths.floor.geometry import derive_pairs, final_pairs, find_overlaps, is_inside
from booths.floor.numbering import Numbering, new_codes
from booths.floor.plan import Booth, Correction, Feature, Picture, Plan, Zone
from booths.floor.rows import RowSpec, make_row

__all__ = [
    "FORMAT",
    "Booth",
    "Change",
    "Correction",
    "Feature",
    "Numbering",
    "Picture",
    "Plan",
    "PlanError",
    "Problem",
    "RowSpec",
    "Zone",
    "align_booths",
    "compare_plans",
    "copy_booths",
    "derive_pairs",
    "edit_booths",
    "final_pairs",
    "find_overlaps",
    "is_inside",
    "make_row",
    "move_booths",
    "new_codes",
    "read_plan",
    "recode_booths",
    "remove_booths",
    "rotate_booths",
    "write_plan",
]
