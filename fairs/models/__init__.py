"""When and where: annual plans with their targets, venues, fairs and their programme."""

from fairs.models.fair import Fair, FairKind, LegalBasis, Team
from fairs.models.plan import Measure, Plan, Target
from fairs.models.programme import Crew, Session, SessionKind, Stage
from fairs.models.venue import Hall, Venue

__all__ = [
    "Crew",
    "Fair",
    "FairKind",
    "Hall",
    "LegalBasis",
    "Measure",
    "Plan",
    "Session",
    "SessionKind",
    "Stage",
    "Target",
    "Team",
    "Venue",
]
