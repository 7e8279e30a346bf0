"""A booth that is shared by days: who is told what of whom, and who says what it took."""

import re
import subprocess
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from badges.actions import print_badges
from badges.models import Badge
from booths.actions import record_takings
from booths.models import DailyTakings, Partner
from booths.queries import due_takings, history_of, own_stand, producer_applications, shared_stands
from booths.queries.protocol import names_at
from core.errors import NotAllowed
from core.figures import Said
from fairs.models import Fair
from fairs.queries.notices import TELLERS
from fairs.states import FairState
from tests.booths.scenes import make_allocating_fair, make_running_fair, publish_run
from tests.booths.sharing_scenes import make_household, share_stand
from tests.booths.test_booth_papers import _drawn, _pages
from tests.builders import (
    make_application,
    make_fair,
    make_organiser,
    make_product,
    make_representative,
)
from tests.pages import sign_in

pytestmark = pytest.mark.django_db
ENGLISH = {"language": "en"}


@pytest.fixture
def shared() -> Partner:
    """The stand A1 on the second of five days: the second day and the fourth are the partner's."""
    fair = make_running_fair(stands=1)
    application = fair.applications.get()
    make_representative(application.organisation)
    return share_stand(application, make_household(name="Hộ Lò Thị Mai"), 2, 4)


def _person(organisation: Any) -> User:
    user: User = organisation.representatives.get().user
    return user


def _days(fair: Fair, *numbers: int) -> str:
    return ", ".join(
        f"{fair.first_day + timedelta(days=number - 1):%d/%m/%Y}" for number in numbers
    )


def test_the_public_reads_each_household_with_its_days_and_products(shared: Partner) -> None:
    application = shared.application
    fair, names = application.fair, (application.organisation.name, shared.organisation.name)
    page = f"/f/{fair.code}/booths/"
    whole = Client().get(page, ENGLISH).text
    part = Client().get(f"{page}?booth=A1", headers={"X-Part": "booth"}).text
    for text in (whole, part):
        places = [text.index(name) for name in names]
        assert places == sorted(places)
        assert _days(fair, 2, 4) in text[places[1] :]
        assert str(shared.products.get()) in text[places[1] :]
    assert shared.organisation.name in Client().get(f"{page}?q=lo+thi+mai").text
    assert names_at(fair) == {"DK-1": ", ".join(names)}


def test_sign_list_and_badges_name_both_households(shared: Partner, tmp_path: Path) -> None:
    application = shared.application
    fair, names = application.fair, (application.organisation.name, shared.organisation.name)
    desk = sign_in(make_organiser())
    for paper in ("signs", "booths", "utilities"):
        (words,) = _pages(_drawn(desk, fair, paper), tmp_path)
        assert [words.count("".join(name.split())) for name in names] == [1, 1]
        if paper != "utilities":
            assert "".join(_days(fair, 2, 4).split()) in words
    for address in ("figures/", "figures/stands/DK-1/", "applications/DK-1/"):
        text = desk.get(f"/desk/fairs/{fair.code}/{address}").text
        assert all(name in text for name in names)


def _lines(content: bytes, folder: Path) -> list[tuple[float, str]]:
    """The lines of a PDF, each with how far down it begins, in points."""
    (folder / "sign.pdf").write_bytes(content)
    command = ["pdftotext", "-bbox-layout", str(folder / "sign.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    lines = re.findall(r'<line [^>]*yMin="([\d.]+)"[^>]*>(.*?)</line>', text, re.DOTALL)
    return [(float(top), " ".join(re.findall(r">([^<]+)</word>", line))) for top, line in lines]


@pytest.mark.parametrize("count", [1, 3])
def test_the_names_on_a_shared_sign_stand_one_below_the_other(count: int, tmp_path: Path) -> None:
    fair = make_running_fair(stands=1)
    application = fair.applications.get()
    names = [f"Hộ kinh doanh Lò Thị Mai {number}" for number in range(count)]
    for number, name in enumerate(names, 2):
        share_stand(application, make_household(name=name), number)
    desk = sign_in(make_organiser())
    places = {text: top for top, text in _lines(_drawn(desk, fair, "signs"), tmp_path)}
    tops = [places[name] for name in (application.organisation.name, *names)]
    assert all(after - before > 25 for before, after in pairwise(tops))


def test_each_household_has_a_badge_with_the_booth() -> None:
    fair = make_allocating_fair(applications=1, booths=1)
    share_stand(fair.applications.get(), make_household(), 5)
    publish_run(fair)
    print_badges(fair=Fair.objects.get(pk=fair.pk), actor=make_organiser())
    badges = Badge.objects.filter(organisation__isnull=False)
    assert badges.values("organisation").distinct().count() == 2
    assert set(badges.values_list("booths", flat=True)) == {"A1"}


def test_a_household_says_what_it_took_on_its_own_days_alone(shared: Partner) -> None:
    application = shared.application
    first, second = application.fair.first_day, timezone.localdate()
    people = {first: _person(application.organisation), second: _person(shared.organisation)}
    for day, other in ((first, second), (second, first)):
        said: dict[date, Said[int]] = {day: Said(None, 1_000)}
        with pytest.raises(NotAllowed):
            record_takings(application=application, takings=said, actor=people[other])
        assert record_takings(application=application, takings=said, actor=people[day]) == 1
    mine = f"/my/takings/{application.code}/"
    for day, other in ((first, second), (second, first)):
        page = sign_in(people[day]).get(mine).text
        assert (day.isoformat() in page, other.isoformat() in page) == (True, False)
    home = sign_in(people[second]).get("/my/")
    assert [due.days for due in home.context["due"]] == [[second]]
    assert f"/my/sharing/{shared.token}/" in home.text
    assert sign_in(people[first]).get("/my/").context["due"] == []
    assert own_stand(people[second], application.code).organisation == shared.organisation


def test_a_household_is_asked_for_its_own_days(shared: Partner) -> None:
    person = _person(shared.organisation)
    today = timezone.localdate()
    assert [due.days for due in due_takings(shared_stands(person), today)] == [[today]]
    # On the fifth day, the applicant's, the partner is still asked about the fourth.
    later = due_takings(shared_stands(person), today + timedelta(days=3))
    assert [due.days for due in later] == [[today + timedelta(days=2)]]


def test_takings_of_earlier_fairs_are_each_households_own() -> None:
    past = make_fair(FairState.REPORTED, first_day=timezone.localdate() - timedelta(days=90))
    old = make_application(past)
    household = make_household()
    partner = share_stand(old, household, 2)
    for number, amount in ((0, 5_000), (1, 300), (2, 7_000)):
        DailyTakings.objects.create(
            application=old, day=past.first_day + timedelta(days=number), amount=amount
        )
    now = make_running_fair(stands=0)
    found = {}
    for organisation in (old.organisation, partner.organisation):
        row = make_application(now, organisation, products=[make_product(organisation, name="x")])
        placement = next(
            each
            for each in producer_applications(make_representative(organisation))
            if each.application == row
        )
        found[organisation] = [(each.total, each.days) for each in history_of(placement)]
    assert found == {old.organisation: [(12_000, 2)], partner.organisation: [(300, 1)]}


def test_who_shared_a_booth_took_part(shared: Partner) -> None:
    fair = shared.application.fair
    told = {pair for teller in TELLERS for pair in teller([fair.pk])}
    assert told == {
        (fair.pk, shared.application.organisation_id),
        (fair.pk, shared.organisation_id),
    }
