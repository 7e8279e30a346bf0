import unicodedata
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import phonenumbers
import pytest
from stdnum.vn import mst

from sample.hanoi import GROUPS_2023_BY_2019, HanoiSample, make_hanoi_sample
from sample.records import RectangleRecord
from sample.sources import read_facts

TODAY = date(2026, 11, 21)
REPORT = read_facts()["report_2018_2020"]


@pytest.fixture(scope="module")
def sample() -> HanoiSample:
    return make_hanoi_sample(today=TODAY)


@pytest.fixture(scope="module")
def fourfold() -> HanoiSample:
    return make_hanoi_sample(today=TODAY, scale=4)


def test_producers_and_products_are_as_many_as_the_report_counts(sample: HanoiSample) -> None:
    products = sample.products
    assert Counter(each.actor_type for each in sample.producers) == REPORT["actors"]
    assert Counter(each.group_2019 for each in products) == REPORT["by_group"]
    assert len(products) == REPORT["rated_products"]
    assert sum(each.certification.potential_five_star for each in products) == 17
    assert len(sample.distributors) == 40


def test_scale_multiplies_organisations_and_products(fourfold: HanoiSample) -> None:
    actors = Counter(each.actor_type for each in fourfold.producers)
    groups = Counter(each.group_2019 for each in fourfold.products)
    assert actors == {actor: 4 * number for actor, number in REPORT["actors"].items()}
    assert groups == {group: 4 * number for group, number in REPORT["by_group"].items()}
    assert len(fourfold.distributors) == 160
    assert len(fourfold.applications) == 118


@pytest.mark.parametrize("scale", [0, -1, 11])
def test_a_scale_beyond_the_synthetic_numbers_is_refused(scale: int) -> None:
    with pytest.raises(ValueError, match="not between 1 and 10"):
        make_hanoi_sample(today=TODAY, scale=scale)


def test_organisations_names_and_numbers_are_distinct_and_plainly_invented(
    fourfold: HanoiSample,
) -> None:
    bodies = [*fourfold.producers, *fourfold.distributors]
    for field in ("code", "name", "tax_code", "phone"):
        assert len({getattr(body, field) for body in bodies}) == len(bodies), field
    for body in bodies:
        assert body.name.endswith(" (mẫu)")
        assert body.email in ("", f"{body.code.lower()}@mau.example")
        assert body.phone.startswith("+84243000")
        assert phonenumbers.is_valid_number(phonenumbers.parse(body.phone))


def test_every_text_is_composed_and_trimmed(sample: HanoiSample) -> None:
    text = str(sample)
    assert unicodedata.normalize("NFC", text) == text
    assert not any(each.name != " ".join(each.name.split()) for each in sample.products)


def test_tax_codes_are_synthetic_and_their_check_digits_right(fourfold: HanoiSample) -> None:
    for producer in fourfold.producers:
        if producer.actor_type == "household business":
            assert (producer.tax_code[:3], len(producer.tax_code)) == ("999", 12)
        else:
            assert producer.tax_code.startswith("99")
            assert mst.is_valid(producer.tax_code)
    assert all(mst.is_valid(distributor.tax_code) for distributor in fourfold.distributors)


def test_the_hard_names_are_there(sample: HanoiSample) -> None:
    assert max(len(each.name) for each in sample.producers) == 90
    assert "Nguyễn Thị Huyền Trân Ưu" in {each.representative for each in sample.producers}
    assert "HTX Rau an toàn Đồng Ươm (mẫu)" in {each.name for each in sample.producers}


def test_places_tell_today_from_before(sample: HanoiSample) -> None:
    places = {place.code: place for place in sample.places}
    by_kind = Counter(place.kind for place in sample.places)
    districts = [each for each in sample.places if each.valid_to]
    assert len(places) == len(sample.places)
    assert (by_kind["city"], by_kind["province"]) == (6, 28)
    assert (by_kind["urban_district"], by_kind["rural_district"], by_kind["town"]) == (12, 17, 1)
    assert {each.valid_to for each in districts} == {date(2025, 6, 30)}
    for commune in (each for each in sample.places if each.former_district):
        assert commune.valid_from == date(2025, 7, 1)
        assert places[commune.former_district or ""] in districts
    for body in (*sample.producers, *sample.distributors):
        assert places[body.commune].kind in {"commune", "ward"}


def test_products_fit_their_producers(sample: HanoiSample) -> None:
    producers = {producer.code: producer for producer in sample.producers}
    assert {product.producer for product in sample.products} == producers.keys()
    for product in sample.products:
        assert product.kind in producers[product.producer].kinds
        assert product.group_2023 in GROUPS_2023_BY_2019[product.group_2019]
        assert product.price >= 5_000
        assert product.monthly_capacity >= 10
    named = Counter((product.producer, product.name) for product in sample.products)
    assert set(named.values()) == {1}


def test_certificates_last_36_months_and_some_end_soon(sample: HanoiSample) -> None:
    certificates = [product.certification for product in sample.products]
    for each in certificates:
        assert each.valid_until == each.decision_date.replace(year=each.decision_date.year + 3)
        lowest = {3: 50, 4: 70, 5: 90}[each.stars]
        assert lowest <= each.points < 100
    over = sum(each.valid_until < TODAY for each in certificates)
    soon = sum(TODAY <= each.valid_until < TODAY + timedelta(days=60) for each in certificates)
    assert 20 <= over <= 90
    assert 50 <= soon <= 160


def test_a_leap_day_gives_certificates_too() -> None:
    for days_before_the_end in (-170, -45, 5, 13, 26, 48, 110):
        today = date(2028, 2, 29) - timedelta(days=days_before_the_end)
        products = make_hanoi_sample(today=today).products
        ends = {product.certification.valid_until for product in products}
        assert date(2028, 2, 28) in ends


def test_the_past_fairs_are_the_real_ones_and_the_near_one_is_marked(sample: HanoiSample) -> None:
    *past, near = sample.fairs
    titles = {event["title_vi"]: event.get("last_day") for event in read_facts()["events"]}
    assert {each.title: each.last_day and each.last_day.isoformat() for each in past} == titles
    assert (near.first_day, near.last_day) == (date(2026, 12, 2), date(2026, 12, 6))
    assert near.title == ("Tuần hàng tư vấn, giới thiệu và bán sản phẩm OCOP Hà Nội năm 2026 (mẫu)")
    assert {(each.day - near.first_day).days for each in near.sessions} == {0, 1, 2, 3, 4}


def test_every_fair_is_in_a_place_of_its_time(sample: HanoiSample) -> None:
    places = {place.code: place for place in sample.places}
    for fair in sample.fairs:
        place = places[fair.place]
        assert place.valid_from <= fair.first_day
        assert place.valid_to is None or fair.first_day <= place.valid_to


def test_the_floor_has_92_booths_apart_and_inside_the_hall(sample: HanoiSample) -> None:
    plan = sample.floor_plan
    assert len({booth.code for booth in plan.booths}) == len(plan.booths) == 92
    assert {(booth.width, booth.height) for booth in plan.booths} == {(30, 30)}
    things: list[RectangleRecord] = [*plan.booths, *plan.features]
    for thing in things:
        assert 0 <= thing.x <= thing.x + thing.width <= plan.width
        assert 0 <= thing.y <= thing.y + thing.height <= plan.height
    assert not [(one, two) for one, two in combinations(things, 2) if _overlap(one, two)]


def test_joins_touch_along_a_row_and_neighbours_across(sample: HanoiSample) -> None:
    plan = sample.floor_plan
    booths = {booth.code: booth for booth in plan.booths}
    pairs = [*plan.joins, *plan.neighbours]
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    for one, two in plan.joins:
        assert booths[one].y == booths[two].y
        assert booths[one].x + booths[one].width == booths[two].x
        assert booths[one].zone == booths[two].zone
    for one, two in plan.neighbours:
        assert booths[one].y + booths[one].height == booths[two].y
        assert abs(booths[one].x - booths[two].x) in {0, 30}
    # A zone of n columns has 2(n - 1) joins, n pairs back to back and 2(n - 1) across a corner.
    columns = [number // 2 for number in Counter(each.zone for each in plan.booths).values()]
    assert len(plan.joins) == sum(2 * (number - 1) for number in columns)
    assert len(plan.neighbours) == sum(3 * number - 2 for number in columns)


def test_utilities_name_booths_that_exist(sample: HanoiSample) -> None:
    booths = sample.floor_plan.booths
    assert sum(booth.water for booth in booths) == 24
    assert sum(booth.cold for booth in booths) == 12
    assert sum(booth.cooking for booth in booths) == 10
    assert Counter(booth.power_kw for booth in booths) == {2.0: 68, 3.0: 14, 5.0: 10}


def test_applications_ask_for_what_the_hall_could_give(sample: HanoiSample) -> None:
    plan = sample.floor_plan
    codes = {("booth", booth.code) for booth in plan.booths}
    codes |= {("zone", zone.code) for zone in plan.zones}
    groups = {group for zone in plan.zones for group in zone.groups}
    assert len({each.producer for each in sample.applications}) == 118
    for each in sample.applications:
        assert each.group in groups
        assert 1 <= each.booths <= 3
        assert len(set(each.wishes)) == len(each.wishes) <= 3
        assert set(each.wishes) <= codes
        assert dict(each.traits)["group"] == each.group


def test_applications_bring_their_own_products_of_one_group(sample: HanoiSample) -> None:
    products = {product.code: product for product in sample.products}
    for each in sample.applications:
        brought = [products[code] for code in each.products]
        assert {product.producer for product in brought} == {each.producer}
        assert {product.group_2023 for product in brought} == {each.group}
        assert brought[0].kind == each.kind


def test_a_third_of_the_demand_cannot_be_met(sample: HanoiSample) -> None:
    wanted = Counter(each.booths for each in sample.applications)
    demand = sum(booths * number for booths, number in wanted.items())
    widest = max(sample.floor_plan.booths, key=lambda booth: booth.power_kw)
    assert 140 <= demand <= 170
    assert 24 <= wanted[2] <= 36
    assert any(each.power_kw > widest.power_kw * each.booths for each in sample.applications), (
        "one request that no booth can meet"
    )
    households = [
        each for each in sample.applications if ("actor", "household business") in each.traits
    ]
    assert sum(each.booths for each in households) >= sample.quotas[0].minimum == 20


def test_a_priority_is_the_sum_it_prints(sample: HanoiSample) -> None:
    for each in sample.applications:
        total, _, parts = each.priority_formula.partition(" = ")
        points = [int(part.split()[0]) for part in parts.split(" + ")]
        assert int(total) == sum(points) == each.priority
        assert 1 <= each.priority <= 100


def test_some_certificates_end_before_the_fair_does(sample: HanoiSample) -> None:
    until = {product.code: product.certification.valid_until for product in sample.products}
    last_day = sample.fairs[-1].last_day
    assert last_day is not None
    late = [
        each
        for each in sample.applications
        if max(until[code] for code in each.products) < last_day
    ]
    assert 1 <= len(late) <= 10


def test_the_sample_is_the_same_whenever_it_is_made_for_a_day(sample: HanoiSample) -> None:
    assert make_hanoi_sample(today=TODAY) == sample


def test_another_day_moves_dates_and_nothing_else(sample: HanoiSample) -> None:
    later = make_hanoi_sample(today=TODAY + timedelta(days=400))
    any_certificate = sample.products[0].certification
    assert later.producers == sample.producers
    assert later.applications == sample.applications
    assert [replace(each, certification=any_certificate) for each in later.products] == [
        replace(each, certification=any_certificate) for each in sample.products
    ]
    assert later.fairs[:-1] == sample.fairs[:-1]
    assert [plan.year for plan in later.plans] == [2020, 2021, 2022, later.fairs[-1].first_day.year]


def test_a_plan_year_of_the_facts_file_is_not_doubled() -> None:
    plans = make_hanoi_sample(today=date(2022, 6, 1)).plans
    assert [plan.year for plan in plans] == [2020, 2021, 2022]


def _overlap(one: RectangleRecord, two: RectangleRecord) -> bool:
    return (
        one.x < two.x + two.width
        and two.x < one.x + one.width
        and one.y < two.y + two.height
        and two.y < one.y + one.height
    )
