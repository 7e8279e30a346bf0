"""Lists at the table, on paper, on the big screen and for all ask as often for three as for one."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from mou import actions
from tests import builders
from tests.booths.scenes import make_allocating_fair, publish_run
from tests.mou.scenes import make_checkpoint, make_frozen

pytestmark = pytest.mark.django_db

TABLET = {"table_station": 8, "table_data": 7}
DESK = {"ceremony_slips": 10, "wall_figures": 6}
BOOTH_CARDS, VERIFY_LOG = 9, 2


@pytest.mark.parametrize("count", [1, 3])
def test_lists_of_a_ceremony_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ceremony = builders.make_ceremony(stations=1)
    organiser = builders.make_organiser(ceremony.fair)
    drafts = [builders.make_memorandum(ceremony.fair) for _each in range(count)]
    for draft in drafts:
        actions.freeze_memorandum(memorandum=draft, actor=organiser)
    codes = [draft.code for draft in drafts]
    actions.assign_memoranda(ceremony=ceremony, memoranda=codes, station=None, actor=organiser)
    station = ceremony.stations.get()
    token = actions.invite_device(station=station, label="Máy", actor=organiser)
    tablet = Client()
    tablet.cookies["table_device"] = actions.enrol_device(token=token, public_key=None)[1]
    client.force_login(organiser)
    for name, number in TABLET.items():
        with django_assert_num_queries(number):
            assert tablet.get(reverse(name)).status_code == 200
    arguments = {"ceremony_slips": ceremony.code, "wall_figures": ceremony.wall_token}
    for name, number in DESK.items():
        with django_assert_num_queries(number):
            assert client.get(reverse(name, args=[arguments[name]])).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_cards_for_booths_cost_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fair = make_allocating_fair(applications=count, booths=count)
    publish_run(fair)
    client.force_login(builders.make_organiser(fair))
    with django_assert_num_queries(BOOTH_CARDS):
        page = client.get(reverse("booth_cards", args=[fair.code])).content.decode()
    assert page.count("<path d=") == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_log_costs_the_same_for_one_and_three(
    client: Client, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    heads = []
    for number in range(count):
        checkpoint = make_checkpoint(make_frozen().fair, f"day {number}")
        assert checkpoint
        heads.append(checkpoint.head)
    with django_assert_num_queries(VERIFY_LOG):
        page = client.get(reverse("verify_log")).content.decode()
    assert [page.count(head) for head in heads] == [1] * count
