"""Every deadline has the same minute of grace, and it is the server's clock that judges."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from booths.models import Application
from booths.rules import are_applications_over, takes_applications
from booths.states import ApplicationState
from fairs.models import Fair, Pavilion
from fairs.queries.pavilions import is_open
from fairs.rules import GRACE, is_in_time
from fairs.states import FairState
from tests.booths.scenes import make_allocating_fair
from tests.builders import make_application, make_representative

CLOSES = datetime(2026, 11, 30, 10, tzinfo=UTC)
LAST = CLOSES + timedelta(seconds=60)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("moment", "in_time"), [(CLOSES, True), (LAST, True), (LAST + TICK, False)]
)
def test_all_deadlines_end_at_the_same_instant_after_their_minute(
    moment: datetime, in_time: bool
) -> None:
    fair = Fair(state=FairState.REGISTERING, applications_close_at=CLOSES)
    assert timedelta(seconds=60) == GRACE
    assert is_in_time(moment, CLOSES) is in_time
    assert takes_applications(fair, moment) is in_time
    # Never both, never neither: no application comes in once the seed may be known.
    assert are_applications_over(fair, moment) is not in_time
    assert is_open(Pavilion(fair=fair, fill_in_until=CLOSES), moment) is in_time


@pytest.mark.django_db
@pytest.mark.parametrize(("late", "state"), [(59, "submitted"), (61, "draft")])
def test_the_clock_of_a_phone_judges_nothing(client: Client, late: int, state: str) -> None:
    fair = make_allocating_fair(applications=0)
    Fair.objects.update(state=FairState.REGISTERING, applications_close_at=CLOSES)
    application = make_application(fair, state=ApplicationState.DRAFT)
    client.force_login(make_representative(application.organisation))
    address = f"/my/applications/{application.code}/send/"
    with time_machine.travel(CLOSES + timedelta(seconds=late), tick=False):
        sent = {"version": 1, "consent": "on", "sent_at": CLOSES.isoformat()}
        client.post(address, sent, headers={"Date": "Mon, 30 Nov 2026 09:00:00 GMT"})
    assert Application.objects.get().state == state
