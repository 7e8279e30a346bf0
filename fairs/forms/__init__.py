"""What is filled in about plans, fairs and their programme."""

from fairs.forms.fairs import (
    MoveForm,
)
from fairs.forms.figures import (
    SalesForm,
    VisitorsForm,
)
from fairs.forms.planner import (
    ConfirmShiftForm,
    ShiftForm,
)
from fairs.forms.programme import (
    MoveSessionForm,
    SessionForm,
    StageForm,
    VersionForm,
    differences,
    merged_data,
    moved_data,
    session_values,
)
from fairs.forms.public import (
    SearchForm,
)

__all__ = [
    "ConfirmShiftForm",
    "MoveForm",
    "MoveSessionForm",
    "SalesForm",
    "SearchForm",
    "SessionForm",
    "ShiftForm",
    "StageForm",
    "VersionForm",
    "VisitorsForm",
    "differences",
    "merged_data",
    "moved_data",
    "session_values",
]
