"""A fair whose booths are published, and a way to put producers into them."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import User
from booths.models import AllocationRun, Application, Assignment, Booth, BoothDay
from booths.states import ApplicationState, RunState
from fairs.models import Fair
from fairs.states import FairState
from registry.models import Organisation
from tests import builders

Place = Callable[..., Application]


@pytest.fixture
def fair() -> Fair:
    """A fair with four booths A1 to A4, published, none of them given out yet."""
    fair = builders.make_fair(FairState.PUBLISHED)
    AllocationRun.objects.create(
        fair=fair,
        plan=builders.make_floor_plan(fair),
        number=1,
        state=RunState.PUBLISHED,
        instance="{}",
        instance_sha256="0" * 64,
        answer={},
        published_at=timezone.now(),
    )
    return fair


@pytest.fixture
def organiser(fair: Fair) -> User:
    """The fair's only organiser."""
    return builders.make_organiser(fair, name="Đỗ Thị Hằng")


@pytest.fixture
def place(fair: Fair) -> Place:
    """Gives booths to a producer: `place("A1", "A2", organisation=…)`."""

    def give(*codes: str, organisation: Organisation | None = None) -> Application:
        application = builders.make_application(
            fair, organisation, state=ApplicationState.PLACED, products=[]
        )
        assignment = Assignment.objects.create(application=application, run=fair.runs.get())
        for booth in Booth.objects.filter(plan__fair=fair, code__in=codes):
            BoothDay.objects.create(assignment=assignment, booth=booth, day=fair.first_day)
        return application

    return give
