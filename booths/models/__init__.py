"""Floor plans, applications, allocation runs, assignments."""

from booths.models.allocation import AllocationRun, Assignment, BoothDay, SeedDraw
from booths.models.application import Application, Quota
from booths.models.plan import Booth, BoothPair, FloorPlan, PlanPicture, Zone
from booths.models.sharing import Partner, SharedDay
from booths.models.takings import DailyTakings

__all__ = [
    "AllocationRun",
    "Application",
    "Assignment",
    "Booth",
    "BoothDay",
    "BoothPair",
    "DailyTakings",
    "FloorPlan",
    "Partner",
    "PlanPicture",
    "Quota",
    "SeedDraw",
    "SharedDay",
    "Zone",
]
