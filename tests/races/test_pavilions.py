"""Two phones of one province, and two organisers, press at the same instant."""

from datetime import timedelta
from functools import partial

from django.utils import timezone

from core import audit
from core.jobs import Job
from fairs.actions.pavilions import ask_to_send_pavilion_link, fill_in_pavilion
from fairs.models import Pavilion
from fairs.queries.pavilions import BoothLine, lines_of
from tests import builders
from tests.fairs.pavilions import make_province
from tests.races.conftest import AtOnce


def _pavilion() -> Pavilion:
    return Pavilion.objects.create(
        fair=builders.make_fair(),
        place=make_province(),
        booth_count=3,
        fill_in_until=timezone.now() + timedelta(days=1),
        email="lai@chau.example",
    )


def test_of_phones_that_save_at_once_one_is_kept_and_the_others_told(at_once: AtOnce) -> None:
    pavilion = _pavilion()
    wanted = [{1: BoothLine(f"Hộ số {number}", "Chè")} for number in range(4)]
    answers = at_once(
        [
            partial(
                fill_in_pavilion,
                pavilion=Pavilion.objects.get(),
                seen={},
                lines=lines,
                is_final=True,
                actor=None,
            )
            for lines in wanted
        ]
    )
    assert sorted(type(each).__name__ for each in answers) == ["Pavilion"] + ["StaleState"] * 3
    winner = [isinstance(each, Pavilion) for each in answers].index(True)
    assert lines_of(Pavilion.objects.get(pk=pavilion.pk)) == wanted[winner]
    assert list(audit.find_breaks()) == []


def test_a_link_sent_by_two_at_once_is_sent_once(at_once: AtOnce) -> None:
    pavilion = _pavilion()
    ask = partial(ask_to_send_pavilion_link, pavilion=pavilion, version=1, actor=None)
    answers = at_once([ask, ask])
    assert sorted(type(each).__name__ for each in answers) == ["Job", "StaleState"]
    assert Job.objects.count() == 1
