"""A button that is pressed by many at once sends a notice once."""

from functools import partial

from core.jobs import Job
from fairs.actions.notices import NoticeContent, send_notice
from fairs.models import Delivery, Notice
from fairs.queries.notices import Audience
from tests import builders
from tests.races.conftest import AtOnce


def test_of_ten_presses_at_once_one_sends(at_once: AtOnce) -> None:
    fair, actor = builders.make_fair(), builders.make_organiser()
    builders.make_organisation(email="a@mau.example")
    content = NoticeContent(subject="Mời", body="Xin mời.", audience=Audience())
    press = partial(send_notice, fair=fair, number=1, content=content, actor=actor)
    assert at_once([press] * 10) == [Notice.objects.get()] * 10
    assert (Delivery.objects.count(), Job.objects.count()) == (1, 1)
