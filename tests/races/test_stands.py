"""A hundred free booths and a thousand hands: each booth is given once, and the slower are told.

Over real HTTP, to `manage.py serve` with its two web processes. Smaller here than for real, with
the same ten hands on each booth. The whole of it:

    BOOTHS=100 ATTEMPTS=1000 pytest tests/races/test_stands.py
"""

import http.client
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.actions import make_sign_in_link
from accounts.models import User
from booths.actions import stands
from booths.actions.stands import give_stand, offer_stand
from booths.actions.waiting import answer_offer
from booths.models import Application, Assignment, BoothDay, BoothOffer, WaitingList
from booths.states import ApplicationState
from core.audit import AuditEvent, find_breaks
from core.errors import DomainError
from fairs.models import Fair
from fairs.states import FairState
from registry.models import ActorType, Organisation
from tests import builders
from tests.races.conftest import AtOnce
from tests.stage import Stage
from tests.visitor import Visitor

THREADS = 50
BOOTHS, ATTEMPTS = int(os.environ.get("BOOTHS", "15")), int(os.environ.get("ATTEMPTS", "150"))


@dataclass(frozen=True)
class Attempt:
    """One organiser's press: this booth for that application."""

    booth: str
    application: str


TOLD = re.compile(r'role="alert">.*?<p>(.*?)</p>', re.DOTALL)
TAKEN = "It is no longer free: somebody else was faster. Nothing was changed."


def _make_fair() -> Fair:
    fair = builders.make_fair(FairState.PUBLISHED)
    # Or else the worker that is served beside would soon offer what is still free.
    WaitingList.objects.create(fair=fair, stopped_at=timezone.now(), stop_reason="Giao tại quầy")
    builders.make_floor_plan(fair, booths=BOOTHS)
    place, group = builders.make_place(), builders.make_group()
    organisations = Organisation.objects.bulk_create(
        Organisation(
            code=f"HN-R{number}",
            name=f"Hộ {number}",
            actor_type=ActorType.HOUSEHOLD,
            is_producer=True,
            place=place,
            representative="Vũ Văn Định",
        )
        for number in range(ATTEMPTS)
    )
    Application.objects.bulk_create(
        Application(
            fair=fair,
            organisation=organisation,
            code=f"R-{number}",
            state=ApplicationState.WAITING_LIST,
            group=group,
        )
        for number, organisation in enumerate(organisations)
    )
    return fair


def _attempts() -> list[list[Attempt]]:
    """Those of each thread: every booth is wanted by as many, everybody asks once."""
    chance = random.Random(20261122)
    wanted = [Attempt(f"A{number % BOOTHS + 1}", f"R-{number}") for number in range(ATTEMPTS)]
    chance.shuffle(wanted)
    return [wanted[start::THREADS] for start in range(THREADS)]


def _press(
    site: str, fair: str, cookies: str, token: str, attempts: list[Attempt]
) -> list[tuple[int, str]]:
    """One thread, with a connection of its own: the status and the sentence of each answer."""
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=120)
    told = []
    for attempt in attempts:
        fields = {"stand": attempt.booth, "reason": "Còn trống", "act": "give"}
        connection.request(
            "POST",
            f"/desk/fairs/{fair}/waiting-list/{attempt.application}/",
            urlencode({**fields, "csrfmiddlewaretoken": token}),
            {
                "Cookie": cookies,
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": site,
            },
        )
        answer = connection.getresponse()
        page = answer.read().decode()
        said = TOLD.search(page)
        told.append((answer.status, said[1].replace(attempt.booth, "It") if said else ""))
    connection.close()
    return told


def test_booths_wanted_by_ten_each_are_given_once_each_and_the_others_are_told(
    backstage: Stage,
) -> None:
    fair = _make_fair()
    link = make_sign_in_link(user=builders.make_organiser(language="en"), actor=None)
    backstage.start_served()
    visitor = Visitor(backstage.url)
    visitor.sign_in(link)
    kept = {cookie.name: cookie.value or "" for cookie in visitor.cookies}
    cookies = "; ".join(f"{name}={value}" for name, value in kept.items())
    press = partial(_press, backstage.url, fair.code, cookies, kept["csrftoken"])
    with ThreadPoolExecutor(THREADS) as threads:
        told = [each for some in threads.map(press, _attempts()) for each in some]

    assert Counter(told) == {(302, ""): BOOTHS, (409, TAKEN): ATTEMPTS - BOOTHS}
    held = Counter(BoothDay.objects.filter(released_at=None).values_list("booth__code", "day"))
    assert (len(held), set(held.values())) == (BOOTHS * fair.days, {1})
    assert Assignment.objects.count() == BOOTHS
    assert Application.objects.filter(state=ApplicationState.PLACED).count() == BOOTHS
    assert AuditEvent.objects.filter(verb="booths.stand_given").count() == BOOTHS
    assert list(find_breaks()) == []


def _waiting(count: int) -> list[Application]:
    fair = builders.make_fair(FairState.PUBLISHED)
    builders.make_floor_plan(fair, booths=1)
    state = ApplicationState.WAITING_LIST
    rows = [builders.make_application(fair, state=state, products=[]) for _each in range(count)]
    return list(Application.objects.select_related("fair").filter(pk__in=[row.pk for row in rows]))


def _give(application: Application, actor: User) -> str:
    try:
        give_stand(application=application, booths=["A1"], reason="Còn trống", actor=actor)
    except DomainError as error:
        return error.code
    return "given"


def _give_to_all(at_once: AtOnce, count: int = 6) -> list[str]:
    actor = builders.make_organiser()
    rows = _waiting(count)
    return sorted(map(str, at_once([partial(_give, row, actor) for row in rows])))


@contextmanager
def _without(model: type[Model], name: str) -> Iterator[None]:
    constraint = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        BoothDay.objects.all().delete()
        BoothOffer.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


def _look_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever gives a booth believes that it is free."""
    monkeypatch.setattr(stands, "are_taken", lambda *_asked: False)


def test_the_look_before_giving_tells_the_slower(at_once: AtOnce) -> None:
    with _without(BoothDay, "booth_day_given_once"):
        assert _give_to_all(at_once) == ["given"] + ["offer.taken"] * 5


def test_without_the_look_the_constraint_tells_the_slower(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    _look_away(monkeypatch)
    assert _give_to_all(at_once) == ["given"] + ["offer.taken"] * 5
    assert BoothDay.objects.filter(booth__code="A1").values("day").distinct().count() == 5
    assert BoothDay.objects.count() == 5


def test_without_both_a_booth_is_given_to_all(
    at_once: AtOnce, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guards off: this is what the tests above protect from."""
    _look_away(monkeypatch)
    with _without(BoothDay, "booth_day_given_once"):
        assert _give_to_all(at_once) == ["given"] * 6
        assert BoothDay.objects.filter(booth__code="A1").count() == 6 * 5


@pytest.fixture
def offer(transactional_db: None) -> BoothOffer:
    """Booth A1 on offer to the only one who waits."""
    (row,) = _waiting(1)
    actor = builders.make_organiser()
    return offer_stand(application=row, booths=["A1"], reason="Còn trống", actor=actor)


def _answer(offer: BoothOffer, *, accepts: bool) -> str:
    row = BoothOffer.objects.select_related("application__fair").get(pk=offer.pk)
    try:
        return answer_offer(offer=row, accepts=accepts, actor=None).state
    except DomainError as error:
        return error.code


def test_of_phones_that_answer_at_once_one_is_heard_and_the_others_are_told(
    at_once: AtOnce, offer: BoothOffer
) -> None:
    answers = at_once([partial(_answer, offer, accepts=bool(each % 2)) for each in range(6)])
    heard = [each for each in answers if each != "offer.ended"]
    assert (len(heard), answers.count("offer.ended")) == (1, 5)
    offer.refresh_from_db()
    assert [offer.state] == heard
    assert Assignment.objects.count() == (offer.state == "accepted")
    assert list(find_breaks()) == []


def _offer_carelessly(application: Application) -> BoothOffer:
    """As a program would that looks first and holds later: nobody is asked."""
    until = timezone.now() + timedelta(hours=1)
    return BoothOffer.objects.create(application=application, booths=["A1"], expires_at=until)


ONE_OPEN = "offer_one_open_per_application"


def test_an_application_has_one_open_offer_whoever_makes_them(at_once: AtOnce) -> None:
    (row,) = _waiting(1)
    made = at_once([partial(_offer_carelessly, row)] * 5)
    assert sorted(type(each).__name__ for each in made) == ["BoothOffer"] + ["IntegrityError"] * 4


def test_without_the_constraint_an_application_has_many_open_offers(at_once: AtOnce) -> None:
    (row,) = _waiting(1)
    with _without(BoothOffer, ONE_OPEN):
        at_once([partial(_offer_carelessly, row)] * 5)
        assert BoothOffer.objects.filter(state="open").count() == 5
