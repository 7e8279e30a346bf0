"""When and where: annual plans with their targets, venues, fairs, their papers and programme."""

from fairs.models.fair import Attendance, Fair, LegalBasis, Series, Team
from fairs.models.figures import FairDay, LivestreamSale
from fairs.models.legal import ChecklistItem, ChecklistTick, Document, LegalRule, Reminder
from fairs.models.notice import Delivery, Notice
from fairs.models.pavilion import Pavilion, PavilionBooth
from fairs.models.plan import FairKind, Measure, Plan, Target
from fairs.models.programme import Crew, Session, SessionKind, Stage
from fairs.models.venue import Hall, Venue, VenuePicture

__all__ = [
    "Attendance",
    "ChecklistItem",
    "ChecklistTick",
    "Crew",
    "Delivery",
    "Document",
    "Fair",
    "FairDay",
    "FairKind",
    "Hall",
    "LegalBasis",
    "LegalRule",
    "LivestreamSale",
    "Measure",
    "Notice",
    "Pavilion",
    "PavilionBooth",
    "Plan",
    "Reminder",
    "Series",
    "Session",
    "SessionKind",
    "Stage",
    "Target",
    "Team",
    "Venue",
    "VenuePicture",
]
