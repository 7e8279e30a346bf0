"""The floor plan as an inline SVG; applications, runs and takings in words and figures."""

from booths.rendering.figures import figure_sheets, group_name, zone_name
from booths.rendering.plan import draw_plan
from booths.rendering.run import ShownRun, show_run
from booths.rendering.words import (
    offers_of,
    priority_in_words,
    reason_in_words,
    size_of,
    wishes_in_words,
)

__all__ = [
    "ShownRun",
    "draw_plan",
    "figure_sheets",
    "group_name",
    "offers_of",
    "priority_in_words",
    "reason_in_words",
    "show_run",
    "size_of",
    "wishes_in_words",
    "zone_name",
]
