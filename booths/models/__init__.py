"""Floor plans, applications, allocation runs, assignments."""

from booths.models.allocation import AllocationRun, Assignment, BoothDay, SeedDraw
from booths.models.application import Application, Quota
from booths.models.offer import BoothOffer, WaitingList
from booths.models.paper import BoothPaper
from booths.models.plan import Booth, BoothPair, FloorPlan, PlanPicture, Zone
from booths.models.review import (
    Criterion,
    CriterionScore,
    Decision,
    DecisionMessage,
    ReviewNote,
    ReviewRules,
    Tag,
)
from booths.models.sharing import Partner, SharedDay
from booths.models.takings import DailyTakings

__all__ = [
    "AllocationRun",
    "Application",
    "Assignment",
    "Booth",
    "BoothDay",
    "BoothOffer",
    "BoothPair",
    "BoothPaper",
    "Criterion",
    "CriterionScore",
    "DailyTakings",
    "Decision",
    "DecisionMessage",
    "FloorPlan",
    "Partner",
    "PlanPicture",
    "Quota",
    "ReviewNote",
    "ReviewRules",
    "SeedDraw",
    "SharedDay",
    "Tag",
    "WaitingList",
    "Zone",
]
