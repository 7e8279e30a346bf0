"""Notices: whom one reaches, what they read, and that each gets it once."""

from email import message_from_bytes

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from core import jobs
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.jobs import Job
from fairs.actions.notices import retry_notice
from fairs.models import Fair, Notice, Pavilion, PavilionBooth
from fairs.queries.notices import (
    Audience,
    Offer,
    Reach,
    Who,
    calls_of,
    groups_on_offer,
    past_fairs_on_offer,
    places_on_offer,
    reach_of,
    reached,
)
from fairs.rendering.notice import draft_of, mail_to, unsubscribe_address
from fairs.states import DeliveryState, FairState
from registry.models import Organisation, PlaceKind
from tests import builders
from tests.booths.scenes import make_allocating_fair, publish_run
from tests.fairs import programmes
from tests.fairs.notices import make_producer, send, states_of, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def fair() -> Fair:
    return programmes.make_fair()


@pytest.fixture
def organiser(fair: Fair) -> User:
    return builders.make_organiser(fair)


def _names(audience: Audience) -> list[str]:
    return [organisation.name for organisation in reached(audience)]


@pytest.fixture
def producers() -> dict[str, Organisation]:
    """Three producers: the first makes food by an old and a new name of it, in a commune."""
    city = builders.make_place()
    commune = builders.make_place(
        code="HN-BV", name="Ba Vì", kind=PlaceKind.COMMUNE, parent=city, region=""
    )
    elsewhere = builders.make_place(code="LC", name="Lai Châu", kind=PlaceKind.PROVINCE)
    food = builders.make_group()
    old = builders.make_group("food", scheme=2019, successor=food)
    found = {
        name: builders.make_organisation(name=name, place=place)
        for name, place in (("An", commune), ("Bình", city), ("Chi", elsewhere))
    }
    builders.make_product(found["An"], group=food)
    builders.make_product(found["An"], group=old)
    builders.make_product(found["Bình"], group=old)
    builders.make_product(found["Chi"], group=builders.make_group("craft"))
    builders.make_distributor(place=commune)
    return found


@pytest.mark.usefixtures("producers")
@pytest.mark.parametrize(
    ("audience", "names"),
    [
        (Audience(), ["An", "Bình", "Chi"]),
        (Audience(who=Who.ANY, groups=("food",)), ["An", "Bình"]),
        (Audience(who=Who.ANY, places=("HN",)), ["An", "Bình"]),
        (Audience(who=Who.ANY, places=("HN-BV",)), ["An"]),
        (Audience(who=Who.ANY, groups=("craft",), places=("HN-BV",)), ["An", "Chi"]),
        (Audience(who=Who.ALL, groups=("food",), places=("HN-BV",)), ["An"]),
        (Audience(who=Who.ALL, groups=("craft",), places=("HN",)), []),
        (Audience(who=Who.ANY), []),
        (Audience(who=Who.ALL), []),
    ],
)
def test_an_audience_is_made_of_products_and_places(audience: Audience, names: list[str]) -> None:
    assert _names(audience) == names


def test_an_audience_is_made_of_past_fairs(fair: Fair, producers: dict[str, Organisation]) -> None:
    past = make_allocating_fair(applications=1, booths=1)
    builders.make_application(past)  # never got a booth
    publish_run(past)
    placed = past.applications.get(state="placed").organisation
    guest = Pavilion.objects.create(
        fair=past, place=builders.make_place(), booth_count=2, fill_in_until=timezone.now()
    )
    for number, organisation in enumerate((producers["Chi"], None)):
        PavilionBooth.objects.create(
            pavilion=guest,
            number=number + 1,
            name="Gian",
            organisation=organisation,
            products="Vải",
        )
    Fair.objects.filter(pk=past.pk).update(first_day="2026-01-05", last_day="2026-01-09")
    audience = Audience(who=Who.ANY, past_fairs=(past.code,))
    assert {*_names(audience)} == {"Chi", placed.name}
    assert past_fairs_on_offer(fair) == [Offer(past.code, f"{past.title} (01/2026)", 2)]


@pytest.mark.usefixtures("producers")
def test_what_is_offered_tells_how_many_it_takes_in() -> None:
    builders.make_place(code="HCM", name="Thành phố Hồ Chí Minh")  # nobody is there
    assert [(offer.code, offer.producers) for offer in groups_on_offer()] == [
        ("food", 2),
        ("craft", 1),
    ]
    assert places_on_offer() == [
        Offer("HN", "Hà Nội", 2, (Offer("HN-BV", "Ba Vì", 1),)),
        Offer("LC", "Lai Châu", 1),
    ]


def test_the_reach_says_how_each_would_be_told() -> None:
    make_producer()
    make_producer("")
    make_producer(unsubscribed_at=timezone.now())
    make_producer("", unsubscribed_at=timezone.now())
    assert reach_of(Audience()) == Reach(matched=4, by_email=1, on_paper=1, unsubscribed=2)


def test_the_draft_says_what_when_where_and_how(fair: Fair) -> None:
    fair.applications_close_at = programmes.at(17, day=-10)
    subject, body = draft_of(fair)
    assert subject.endswith(f"{fair.title}, 02–06/12/2026")
    for fact in (
        f"“{fair.title}”",
        "02–06/12/2026 (24–28 tháng Mười",
        fair.venue.address,
        "17:00 22/11/2026",
        f"http://127.0.0.1:8000/f/{fair.code}/",
    ):
        assert fact in body
    assert "<" not in body


@pytest.mark.parametrize("state", [state for state in FairState if state != FairState.DRAFT])
def test_there_is_a_draft_for_every_fair(state: FairState) -> None:
    fair = programmes.make_fair(
        state, organiser="", venue=None, title="A & “B”", state_reason="Bão số 9"
    )
    subject, body = draft_of(fair)
    assert ("A & “B”" in subject, "A & “B”" in body) == (True, True)
    assert ("Bão số 9" in body) == (state == FairState.CANCELLED)


def test_the_letter_is_the_reader_s_own(fair: Fair) -> None:
    organisation = make_producer(name="HTX <Mây & Tre>")
    notice = Notice(fair=fair, subject="Mời", body="Một & hai\n\nhttp://127.0.0.1:8000/f/x/ <b>")
    letter = mail_to(organisation, "a@mau.example", notice=notice, key="notice-1-2")
    read = message_from_bytes(letter.message().as_bytes())
    address = unsubscribe_address(organisation)
    assert read["List-Unsubscribe"].strip() == f"<{address}>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["Message-ID"] == "<notice-1-2@127.0.0.1>"
    text, html = (part.get_payload(decode=True).decode() for part in read.get_payload())
    assert "HTX <Mây & Tre>" in text
    assert "Một & hai\n\nhttp" in text
    assert address in text
    assert "HTX &lt;Mây &amp; Tre&gt;" in html
    assert '<a href="http://127.0.0.1:8000/f/x/"' in html
    assert "&lt;b&gt;" in html
    assert f'href="{address}"' in html


def test_a_preview_shows_nobody_s_link(fair: Fair) -> None:
    letter = mail_to(
        make_producer(), "a@mau.example", notice=Notice(fair=fair, subject="M", body="B")
    )
    assert "/unsubscribe/" not in str(letter.message())


def test_each_producer_is_told_in_the_one_way_there_is(fair: Fair, organiser: User) -> None:
    make_producer("a@mau.example")
    make_producer("b@mau.example")
    make_producer("")
    make_producer("c@mau.example", unsubscribed_at=timezone.now())
    notice = send(fair, organiser)
    assert sorted(notice.deliveries.values_list("email", "state")) == [
        ("", "on_paper"),
        ("a@mau.example", "waiting"),
        ("b@mau.example", "waiting"),
        ("c@mau.example", "unsubscribed"),
    ]
    work(notice)
    assert [letter.to for letter in mail.outbox] == [["a@mau.example"], ["b@mau.example"]]
    assert set(states_of(notice).items()) == {
        ("", "on_paper"),
        ("a@mau.example", "sent"),
        ("b@mau.example", "sent"),
        ("c@mau.example", "unsubscribed"),
    }
    assert Job.objects.get().state == jobs.State.DONE
    asked, sent = AuditEvent.objects.order_by("number")
    assert (asked.verb, asked.facts["waiting"], sent.verb, sent.facts["sent"]) == (
        "fairs.notice_asked",
        2,
        "fairs.notice_sent",
        2,
    )
    assert "mau.example" not in str(asked.facts) + str(sent.facts)


def test_where_nobody_has_e_mail_no_job_is_asked_for(fair: Fair, organiser: User) -> None:
    make_producer("")
    assert send(fair, organiser).job is None


@pytest.mark.parametrize(
    ("state", "code"),
    [("draft", "fair.draft"), ("closed", "fair.over"), ("reported", "fair.over")],
)
def test_a_draft_and_a_fair_that_is_over_are_not_announced(state: str, code: str) -> None:
    fair = programmes.make_fair(state)
    make_producer()
    with pytest.raises(DomainError) as refused:
        send(fair, builders.make_organiser(fair))
    assert (refused.value.code, Notice.objects.count()) == (code, 0)


def test_only_an_organiser_of_the_fair_sends(fair: Fair, organiser: User) -> None:
    make_producer()
    notice = send(fair, organiser)
    for actor in (
        builders.make_user(role="viewer", fair=fair),
        builders.make_organiser(builders.make_fair()),
    ):
        with pytest.raises(NotAllowed):
            send(fair, actor, 2)
        with pytest.raises(NotAllowed):
            retry_notice(notice=notice, actor=actor)
    assert Notice.objects.count() == 1


def test_nobody_is_no_audience(fair: Fair, organiser: User) -> None:
    with pytest.raises(DomainError) as refused:
        send(fair, organiser)
    assert refused.value.code == "notice.nobody"


def test_pressed_twice_it_is_sent_once(fair: Fair, organiser: User) -> None:
    make_producer()
    first, second = (send(fair, organiser) for _press in range(2))
    assert (first, Notice.objects.count(), Job.objects.count()) == (second, 1, 1)


def test_of_two_notices_with_one_number_the_second_is_told(fair: Fair, organiser: User) -> None:
    make_producer()
    send(fair, organiser)
    for number in (1, 3):
        with pytest.raises(StaleState) as refused:
            send(fair, organiser, number, body="Khác.")
        assert refused.value.code == "notice.meanwhile"
    assert send(fair, organiser, 2, body="Khác.").number == 2


@pytest.mark.usefixtures("producers")
def test_the_printed_list_is_sorted_by_where_people_are(fair: Fair, organiser: User) -> None:
    make_producer(name="Dũng")
    notice = send(fair, organiser)
    notice.deliveries.filter(email="a@mau.example").update(state=DeliveryState.FAILED)

    def listed(**choice: bool) -> list[tuple[str, str, str]]:
        return [
            (str(call.province), str(call.organisation), call.phone)
            for call in calls_of(notice, **choice)
        ]

    phone = "0912 345 678"
    assert listed() == [
        ("Hà Nội", "An", phone),
        ("Hà Nội", "Bình", phone),
        ("Lai Châu", "Chi", phone),
    ]
    assert listed(has_failed=True)[2] == ("Hà Nội", "Dũng", phone)
