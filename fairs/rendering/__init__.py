"""Plans, programmes and public pages drawn: for templates, calendars, cards and programs."""

from fairs.rendering.month import DrawnDay, draw_weeks, month_grid
from fairs.rendering.year import (
    BAR,
    DAY,
    HEAD,
    LABEL,
    ROW,
    STEP,
    DrawnBar,
    DrawnLane,
    DrawnMonth,
    DrawnYear,
    draw_year,
)

__all__ = [
    "BAR",
    "DAY",
    "HEAD",
    "LABEL",
    "ROW",
    "STEP",
    "DrawnBar",
    "DrawnDay",
    "DrawnLane",
    "DrawnMonth",
    "DrawnYear",
    "draw_weeks",
    "draw_year",
    "month_grid",
]
