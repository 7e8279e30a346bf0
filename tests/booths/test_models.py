"""What the database itself refuses."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from booths.models import Assignment, Booth, BoothDay
from booths.states import ApplicationState
from tests.booths.scenes import make_allocating_fair
from tests.builders import make_application

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 2)


def test_a_booth_is_given_once_a_day() -> None:
    fair = make_allocating_fair(applications=2)
    booth = Booth.objects.get(code="A1")
    first, second = [
        Assignment.objects.create(application=each) for each in fair.applications.order_by("code")
    ]
    held = BoothDay.objects.create(assignment=first, booth=booth, day=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        BoothDay.objects.create(assignment=second, booth=booth, day=DAY)
    held.released_at = timezone.now()
    held.save()
    BoothDay.objects.create(assignment=second, booth=booth, day=DAY)
    assert list(BoothDay.objects.filter(released_at=None).values_list("assignment")) == [
        (second.pk,)
    ]


def test_an_application_holds_one_assignment_at_a_time() -> None:
    application = make_application()
    Assignment.objects.create(application=application, released_at=timezone.now())
    Assignment.objects.create(application=application)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(application=application)


def test_an_organisation_applies_once_unless_it_withdrew() -> None:
    withdrawn = make_application(state=ApplicationState.WITHDRAWN)
    make_application(withdrawn.fair, withdrawn.organisation)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_application(withdrawn.fair, withdrawn.organisation, products=[])
