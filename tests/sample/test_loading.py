from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, Sum
from django.utils import timezone, translation

from accounts.models import Grant, Role, User
from booths.allocation import read_instance
from booths.models import Application, Booth, BoothPair
from booths.queries import snapshot_of
from booths.states import ApplicationState
from core.audit import AuditEvent, find_breaks
from core.errors import DomainError
from core.text import fold
from fairs.models import Fair, FairKind, Measure, Pavilion, Series, Session, Target
from fairs.queries import sessions_of, stages_of
from fairs.queries.programme import conflicts_among, sessions_that_matter
from fairs.states import FairState
from mou.models import Memorandum
from mou.states import MemorandumState
from registry.models import Certification, Organisation, Place, Product, ProductGroup
from sample.hanoi import make_hanoi_sample
from sample.loading import _load_rows, add_trial_fair, load_sample, sample_fair
from sample.sources import read_facts
from tests.builders import make_organisation

REPORT = read_facts()["report_2018_2020"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded() -> Iterator[Fair]:
    """The near fair of the sample, loaded on a Saturday with five Fridays left in the year."""
    with time_machine.travel("2026-11-21 09:00+07:00"):
        load_sample()
        yield sample_fair()


def test_the_load_counts_what_the_report_counts(loaded: Fair) -> None:
    producers = Organisation.objects.filter(is_producer=True)
    assert Counter(producers.values_list("actor_type", flat=True)) == REPORT["actors"]
    assert producers.count() == 255
    # Ornamental plants were souvenirs in 2019; they alone are in a group of 2023.
    rated = Counter(
        "craft" if code == "plants" else code
        for code in Product.objects.values_list("group__code", flat=True)
    )
    assert rated == REPORT["by_group"]
    assert Product.objects.count() == Certification.objects.count() == 1_054
    assert Certification.objects.filter(potential_five_star=True).count() == 17
    assert Organisation.objects.filter(is_distributor=True).count() == 40


def test_groups_of_2019_lead_to_those_of_2023(loaded: Fair) -> None:
    became = {group.code: group.current.code for group in ProductGroup.objects.filter(scheme=2019)}
    assert became == {
        "food": "food",
        "beverage": "beverage",
        "herbal": "herbal",
        "textile": "craft",
        "craft": "craft",
        "tourism": "tourism",
    }
    now = {
        product.group.current.scheme
        for product in Product.objects.select_related("group__successor")
    }
    assert now == {2023}


def test_districts_end_and_name_their_successors(loaded: Fair) -> None:
    gia_lam = Place.objects.get(code="018")
    assert (gia_lam.name, gia_lam.valid_to) == ("Huyện Gia Lâm", date(2025, 6, 30))
    assert {place.name for place in gia_lam.successors.all()} == {
        "Xã Bát Tràng",
        "Xã Gia Lâm",
        "Xã Phù Đổng",
        "Xã Thuận An",
    }
    assert Place.objects.get(name="Xã Bát Tràng").parent == Place.objects.get(name="Hà Nội")


def test_organisations_are_found_by_name_code_and_place_without_accents(loaded: Fair) -> None:
    found = Organisation.objects.get(name="HTX Rau an toàn Đồng Ươm (mẫu)")
    assert (
        found.search
        == f"htx rau an toan dong uom (mau) {found.code.lower()} {fold(found.place.name)}"
    )


def test_past_fairs_are_reported_with_their_real_dates(loaded: Fair) -> None:
    past = Fair.objects.filter(state=FairState.REPORTED)
    assert set(past.values_list("code", "first_day", "last_day")) == {
        ("ket-noi-giao-thuong-2021", date(2021, 4, 19), None),
        ("thanh-tri-2022", date(2022, 9, 27), None),
        ("dong-bang-song-hong-2022", date(2022, 10, 7), date(2022, 10, 11)),
        ("tiktok-2022", date(2022, 10, 11), None),
        ("mien-trung-tay-nguyen-2022", date(2022, 11, 12), None),
    }
    assert not past.filter(organiser__contains="(mẫu)").exists()


@time_machine.travel("2026-11-21 09:00+07:00", tick=False)
def test_the_near_fair_waits_for_its_allocation() -> None:
    load_sample()
    fair = sample_fair()
    assert (fair.state, fair.register_code, fair.seed) == ("allocating", "TT26", "53817-20946")
    assert (fair.first_day, fair.last_day) == (date(2026, 12, 2), date(2026, 12, 6))
    assert fair.applications_close_at is not None
    assert fair.applications_close_at < timezone.now()
    targets = Target.objects.filter(plan=fair.plan).values_list("measure", "kind", "value")
    assert sorted(targets) == [
        (Measure.FAIRS, "", 6),
        (Measure.FAIRS, FairKind.REGIONAL_CULTURE, 2),
        (Measure.FAIRS, FairKind.TRADE_WEEK, 4),
        (Measure.MEMORANDA, "", 500),
        (Measure.PRODUCTS, "", 400),
    ]
    assert Booth.objects.filter(plan__fair=fair).count() == 92
    pairs = BoothPair.objects.filter(plan__fair=fair)
    assert dict(pairs.values_list("is_join").annotate(Count("pk"))) == {True: 78, False: 124}


def test_applications_are_eligible_and_explain_their_priority(loaded: Fair) -> None:
    applications = loaded.applications.annotate(brought=Count("products"))
    assert applications.filter(state=ApplicationState.ELIGIBLE, brought__gte=1).count() == 118
    for application in applications:
        assert sum(points for _name, points in application.priority_parts) == application.priority
        assert application.submitted_at is not None
        assert loaded.applications_close_at is not None
        assert application.submitted_at < loaded.applications_close_at
    wanted = applications.order_by().aggregate(booths=Sum("booths_wanted"))
    assert wanted["booths"] > 92


def test_the_near_fair_is_an_instance_that_can_be_solved(loaded: Fair) -> None:
    instance = read_instance(snapshot_of(loaded))
    assert len(instance.booths) == 92
    assert len(instance.applications) == 118
    assert {quota.name for quota in instance.quotas} == {
        "actor=household business",
        "actor=enterprise",
        "group=food",
    }


def test_the_near_fair_has_a_programme_without_conflicts(loaded: Fair) -> None:
    sessions = list(sessions_of(loaded))
    assert Counter(session.kind for session in sessions) == {
        "opening": 1,
        "performance": 4,
        "demonstration": 3,
        "livestream": 2,
        "signing": 2,
        "seminar": 1,
        "closing": 1,
    }
    assert conflicts_among(loaded, sessions_that_matter(loaded, sessions)) == []
    assert [each.shown_name for each in stages_of(loaded)] == [
        "Sân khấu chính",
        "Khu trình diễn nghề",
        "Góc livestream",
    ]
    assert all(session.crew.name.endswith("(mẫu)") for session in sessions if session.crew)
    made = [each for each in sessions if each.kind in ("demonstration", "livestream")]
    assert {(each.producers.count(), each.products.count()) for each in made} == {(2, 2)}


def test_everybody_of_the_sample_can_be_let_in(loaded: Fair) -> None:
    assert set(Grant.objects.values_list("user__email", "role", "fair_code")) == {
        ("organiser@mau.example", Role.ORGANISER, ""),
        ("reviewer@mau.example", Role.REVIEWER, ""),
        ("viewer@mau.example", Role.VIEWER, ""),
        ("commune@mau.example", Role.COMMUNE_OFFICER, ""),
    }
    ready = Memorandum.objects.get(state=MemorandumState.READY)
    sides = {party.organisation for party in ready.parties.select_related("organisation")}
    people = User.objects.filter(representations__organisation__in=sides)
    assert {person.email for person in people} == {
        "producer@mau.example",
        "distributor@mau.example",
    }
    assert not any(person.has_usable_password() for person in User.objects.all())


def test_one_memorandum_can_be_signed_and_one_is_a_draft(loaded: Fair) -> None:
    memoranda = {each.state: each for each in loaded.memoranda.all()}
    assert memoranda.keys() == {MemorandumState.READY, MemorandumState.DRAFT}
    year = timezone.localdate().year
    ready = memoranda[MemorandumState.READY]
    assert ready.shown_number == f"01/{year}/BGN-{loaded.register_code}"
    assert all(each.items.exists() for each in memoranda.values())


def test_the_load_leaves_its_events_and_whole_chains(loaded: Fair) -> None:
    office = AuditEvent.objects.filter(stream="office")
    assert list(office.values_list("verb", "subject")) == [
        ("sample.loaded", loaded.code),
        ("fairs.series_created", "series:cho-dem-tren-may-mau"),
    ]
    assert list(find_breaks()) == []


def test_a_weekly_series_shows_how_one_is_planned(loaded: Fair) -> None:
    series = Series.objects.get()
    assert series.title == "Chợ đêm trên mây (mẫu)"
    fridays = series.fairs.order_by("first_day").values_list("series_day", "state", "kind")
    assert list(fridays) == [
        (date(2026, 11, 27), FairState.ANNOUNCED, FairKind.ONLINE),
        (date(2026, 12, 4), FairState.ANNOUNCED, FairKind.ONLINE),
        (date(2026, 12, 18), FairState.DRAFT, FairKind.ONLINE),
        (date(2026, 12, 25), FairState.DRAFT, FairKind.ONLINE),
    ]
    assert series.exceptions == ["2026-12-11"]
    assert {fair.title[:22] for fair in series.fairs.all()} == {"Chợ đêm trên mây (mẫu)"}
    livestream = Session.objects.get(fair__series=series)
    assert livestream.products.count() == livestream.producers.count() == 2


def test_a_fair_with_guest_provinces_shows_their_pavilions(loaded: Fair) -> None:
    fair = Fair.objects.get(kind=FairKind.REGIONAL_CULTURE, first_day__gte=loaded.first_day)
    assert (fair.title[-5:], fair.state) == ("(mẫu)", FairState.REGISTERING)
    assert (fair.first_day, fair.regions) == (date(2026, 12, 16), ["north_mountains"])
    guests = Pavilion.objects.filter(fair=fair).annotate(filled=Count("booths"))
    assert {
        (guest.place.name, guest.booth_count, guest.filled, bool(guest.submitted_at))
        for guest in guests
    } == {("Lai Châu", 6, 4, True), ("Điện Biên", 4, 2, False), ("Sơn La", 3, 0, False)}
    assert {f"{guest.fill_in_until:%d/%m}" for guest in guests} == {"11/12"}


@pytest.mark.parametrize("day", ["2026-12-19", "2026-12-20", "2026-12-25", "2026-12-31"])
def test_the_season_stays_within_the_near_fair_s_year(day: str) -> None:
    with time_machine.travel(f"{day} 09:00+07:00"):
        load_sample()
        coming = Fair.objects.filter(first_day__gt=timezone.localdate())
        assert {fair.first_day.year for fair in coming} == {sample_fair().first_day.year}
        assert coming.filter(series__isnull=False).exists()


def test_loading_twice_changes_nothing_even_on_a_later_day(loaded: Fair) -> None:
    Fair.objects.filter(pk=loaded.pk).update(state=FairState.RUNNING, title="Tên mới")
    Application.objects.filter(fair=loaded).update(state=ApplicationState.PLACED)
    before = _rows()
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert load_sample().is_new is False
    assert _rows() == before


def test_a_load_that_was_interrupted_before_the_memoranda_makes_up_for_them() -> None:
    _load_rows(make_hanoi_sample(today=timezone.localdate(), scale=1), scale=1)
    fair = sample_fair()
    assert fair.memoranda.count() == 0
    load_sample()
    assert fair.memoranda.count() == 2
    assert Series.objects.count() == 1


@time_machine.travel("2026-11-21 09:00+07:00")
def test_a_scale_of_two_doubles_organisations_and_products() -> None:
    loading = load_sample(scale=2)
    assert (loading.producers, loading.distributors, loading.products) == (510, 80, 2_108)
    assert (loading.fairs, loading.booths, loading.applications) == (11, 92, 118)
    again = load_sample()
    assert (again.is_new, again.scale, again.products) == (False, 2, 2_108)


def _load_in_scale_11() -> None:
    load_sample(scale=11)


def _load_after_somebody_elses_organisation() -> None:
    make_organisation()
    load_sample()


def _load_in_another_scale() -> None:
    load_sample(scale=1)
    load_sample(scale=2)


@pytest.mark.parametrize(
    ("load", "code", "organisations"),
    [
        (_load_in_scale_11, "sample.scale", 0),
        (_load_after_somebody_elses_organisation, "sample.not_empty", 1),
        (_load_in_another_scale, "sample.other_scale", 295),
    ],
)
def test_a_load_that_cannot_be_is_refused_and_changes_nothing(
    load: Callable[[], None], code: str, organisations: int
) -> None:
    with pytest.raises(DomainError) as refusal:
        load()
    assert refusal.value.code == code
    assert Organisation.objects.count() == organisations


@time_machine.travel("2026-11-21 09:00+07:00")
def test_the_command_says_what_is_there_as_numbers_are_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with translation.override("en"):
        call_command("load_sample")
        call_command("load_sample", scale=1)
    counts = "255 producers, 40 distributors, 1,054 products, 11 fairs, 92 booths, 118 applications"
    assert capsys.readouterr().out.splitlines() == [
        counts,
        "The sample is here already; nothing was changed.",
        counts,
    ]


def test_the_command_answers_a_wrong_scale_in_one_sentence() -> None:
    with pytest.raises(CommandError, match="10"):
        call_command("load_sample", scale=0)


def test_a_trial_fair_is_another_one_like_the_samples(loaded: Fair) -> None:
    trials = [add_trial_fair(), add_trial_fair()]
    assert [each.code for each in trials] == ["chay-thu-1", "chay-thu-2"]
    for trial in trials:
        assert trial.state == FairState.ALLOCATING
        assert trial.applications.count() == 118
        assert len(read_instance(snapshot_of(trial)).booths) == 92
    assert loaded.applications.filter(state=ApplicationState.ELIGIBLE).count() == 118
    assert list(find_breaks()) == []


def _rows() -> dict[str, list[tuple[object, ...]]]:
    """Everything in every table of ours."""
    ours = ("core", "accounts", "registry", "fairs", "booths", "badges", "mou")
    return {
        model._meta.label: sorted(model._default_manager.values_list(), key=str)
        for app in ours
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }
