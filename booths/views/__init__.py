"""Doormen of a fair's applications, floor plan, allocation and takings."""

from booths.views.desk import (
    allocation,
    allocation_file,
    allocation_publish,
    allocation_run,
    allocation_start,
    floor_plan,
    public_booths,
)
from booths.views.figures import (
    fair_figures,
    fair_takings,
    figures_export,
)
from booths.views.review import (
    application_list,
    application_page,
    application_review,
)
from booths.views.takings import (
    my_takings,
)

__all__ = [
    "allocation",
    "allocation_file",
    "allocation_publish",
    "allocation_run",
    "allocation_start",
    "application_list",
    "application_page",
    "application_review",
    "fair_figures",
    "fair_takings",
    "figures_export",
    "floor_plan",
    "my_takings",
    "public_booths",
]
