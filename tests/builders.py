"""Valid rows in one line each, for tests that need something to stand on.

Every builder takes the fields a test cares about and fills in the rest with plain,
true-looking values; nothing is random. Rows that a row needs are built with it.
Builders write rows directly: what an action does is tested through the action.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count, pairwise
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from PIL import Image

from accounts.models import Grant, Role, User
from badges.models import Badge, BadgeRole
from booths.models import Application, Booth, BoothPair, FloorPlan, Zone
from booths.states import ApplicationState
from core.text import fold
from fairs.models import ChecklistItem, Fair, FairKind, Hall, LegalBasis, LegalRule, Plan, Venue
from fairs.states import FairState
from mou.models import Ceremony, Item, Memorandum, Party, SignerRole, Station, Wording
from mou.paper.wording import standard_wording, wording_sha256
from mou.states import MemorandumState
from registry.models import (
    ActorType,
    Certification,
    Organisation,
    Place,
    PlaceKind,
    Product,
    ProductGroup,
    Region,
    Representative,
)

_number = count(1)

PLACE = "HN"
WORDING = "ocop-2026"


def make_user(
    name: str = "Nguyễn Thị Hoà", *, role: str = "", fair: Fair | None = None, **fields: Any
) -> User:
    """A user with at most one role, held at `fair` or, without it, everywhere."""
    fields.setdefault("email", f"nguoi{next(_number)}@chophien.example")
    user: User = get_user_model().objects.create_user(name=name, **fields)
    if role:
        Grant.objects.create(user=user, role=role, fair_code=fair.code if fair else "")
    return user


def make_organiser(fair: Fair | None = None, **fields: Any) -> User:
    """An organiser of one fair or, without it, of the whole office."""
    return make_user(role=Role.ORGANISER, fair=fair, **fields)


def make_place(**fields: Any) -> Place:
    """The city that everything else stands in, unless a code says otherwise."""
    values = {
        "code": PLACE,
        "name": "Hà Nội",
        "kind": PlaceKind.CITY,
        "region": Region.RED_RIVER_DELTA,
        **fields,
    }
    return Place.objects.get_or_create(code=values.pop("code"), defaults=values)[0]


def make_group(code: str = "food", **fields: Any) -> ProductGroup:
    """A product group of the scheme in force since 2023."""
    values = {"name_vi": "Thực phẩm", "name_en": "Food", "valid_from": date(2023, 2, 24), **fields}
    scheme = values.pop("scheme", 2023)
    return ProductGroup.objects.get_or_create(scheme=scheme, code=code, defaults=values)[0]


def make_organisation(**fields: Any) -> Organisation:
    """A cooperative that produces; `is_distributor=True, is_producer=False` for the other side."""
    number = next(_number)
    values = {
        "code": f"HN-{number:04}",
        "name": f"Hợp tác xã Miến Cự Đà {number}",
        "actor_type": ActorType.COOPERATIVE,
        "is_producer": True,
        "phone": "+84912345678",
        "address": "Thôn Cự Đà, xã Bình Minh",
        "representative": "Vũ Văn Định",
        "position": "Giám đốc",
        **fields,
    }
    values.setdefault("place", make_place())
    values.setdefault("search", fold(f"{values['name']} {values['code']}"))
    return Organisation.objects.create(**values)


def make_distributor(**fields: Any) -> Organisation:
    """An enterprise that buys and sells on."""
    number = next(_number)
    values = {
        "name": f"Công ty Cổ phần Thực phẩm Sạch {number}",
        "actor_type": ActorType.ENTERPRISE,
        "is_producer": False,
        "is_distributor": True,
        "representative": "Trần Thị Bích Ngọc",
        "position": "Phó Giám đốc",
        **fields,
    }
    return make_organisation(**values)


def make_representative(organisation: Organisation, **fields: Any) -> User:
    """A user who acts for `organisation`."""
    user = make_user(organisation.representative, **fields)
    Representative.objects.create(user=user, organisation=organisation)
    return user


def make_product(producer: Organisation | None = None, *, stars: int = 4, **fields: Any) -> Product:
    """A product with a certification of `stars` valid today; `stars=0` for none."""
    values = {
        "name": f"Miến dong {next(_number)}",
        "unit": "kg",
        "reference_price": 85_000,
        "monthly_capacity": 2_000,
        **fields,
    }
    values.setdefault("group", make_group())
    values.setdefault("search", fold(values["name"]))
    product = Product.objects.create(producer=producer or make_organisation(), **values)
    if stars:
        make_certification(product, stars=stars)
    return product


def make_certification(product: Product, **fields: Any) -> Certification:
    """A certification given half a year ago for 36 months."""
    given = timezone.localdate() - timedelta(days=180)
    values = {
        "stars": 4,
        "decision_number": f"{next(_number)}/QĐ-UBND",
        "decision_date": given,
        "valid_until": given + timedelta(days=3 * 365),
        **fields,
    }
    return Certification.objects.create(product=product, **values)


def make_plan(year: int | None = None, **fields: Any) -> Plan:
    """The annual plan of this year, or of `year`."""
    year = year or timezone.localdate().year
    values = {"title": f"Kế hoạch hội chợ OCOP năm {year}", **fields}
    return Plan.objects.get_or_create(year=year, defaults=values)[0]


def make_venue(**fields: Any) -> Venue:
    """A square in the city."""
    number = next(_number)
    values = {
        "code": f"quang-truong-{number}",
        "name": f"Quảng trường Thanh Trì {number}",
        "short_name": "Thanh Trì",
        "address": "Đường Ngọc Hồi, xã Thanh Trì",
        **fields,
    }
    values.setdefault("place", make_place())
    return Venue.objects.create(**values)


def make_hall(venue: Venue | None = None, **fields: Any) -> Hall:
    """A hall that is moved into the day before, and out of the day after."""
    values = {"name": f"Sảnh {next(_number)}", **fields}
    return Hall.objects.create(venue=venue or make_venue(), **values)


def draw_picture(colour: str = "green", *, kind: str = "WEBP", **manners: Any) -> bytes:
    """A small picture of one colour."""
    saved = BytesIO()
    Image.new("RGB", manners.pop("size", (40, 30)), colour).save(saved, kind, **manners)
    return saved.getvalue()


def make_fair(state: str = FairState.REGISTERING, **fields: Any) -> Fair:
    """A trade week of five days that opens in thirty."""
    number = next(_number)
    values = {
        "code": f"tuan-hang-{number}",
        "kind": FairKind.TRADE_WEEK,
        "title": f"Tuần hàng OCOP Thanh Trì {number}",
        "title_en": f"Thanh Trì OCOP trade week {number}",
        "short_title": "Tuần hàng Thanh Trì",
        "register_code": f"TT{number}",
        "first_day": timezone.localdate() + timedelta(days=30),
        "organiser": "Văn phòng Điều phối Chương trình OCOP",
        "decision_number": "123/QĐ-UBND",
        "seed": "1234567890",
        **fields,
    }
    values.setdefault("last_day", values["first_day"] + timedelta(days=4))
    values.setdefault("plan", make_plan(values["first_day"].year))
    values.setdefault("venue", make_venue())
    return Fair.objects.create(state=state, **values)


def make_rule(basis: str = LegalBasis.CITY_PROGRAMME, **fields: Any) -> LegalRule:
    """The only rule of a basis, with nothing on its checklist, asking for what `fields` say."""
    LegalRule.objects.filter(basis=basis).delete()
    return LegalRule.objects.create(basis=basis, **fields)


def make_item(rule: LegalRule, **fields: Any) -> ChecklistItem:
    """A line of the rule's checklist, due with a document ten days before the opening."""
    values = {"title": f"Văn bản {next(_number)}", "due_days": 10, **fields}
    return ChecklistItem.objects.create(rule=rule, **values)


def make_floor_plan(fair: Fair | None = None, *, booths: int = 4, **fields: Any) -> FloorPlan:
    """One row of standard booths A1, A2, … in zone A, with power; each joins its neighbour."""
    values = {"width": 30 * booths + 60, "height": 120, **fields}
    plan = FloorPlan.objects.create(fair=fair or make_fair(), **values)
    zone = Zone.objects.create(plan=plan, code="A", name_vi="Khu A", name_en="Zone A", x=30, y=20)
    row = [
        Booth.objects.create(
            plan=plan,
            zone=zone,
            code=f"A{place}",
            order=place,
            x=30 * place,
            y=30,
            power_kw=Decimal("3.0"),
        )
        for place in range(1, booths + 1)
    ]
    for first, second in pairwise(row):
        BoothPair.objects.create(plan=plan, first=first, second=second, is_join=True)
    return plan


def make_application(
    fair: Fair | None = None,
    organisation: Organisation | None = None,
    *,
    state: str = ApplicationState.SUBMITTED,
    products: Sequence[Product] | None = None,
    **fields: Any,
) -> Application:
    """A producer's application for one booth with one certified product."""
    organisation = organisation or make_organisation()
    shown = [make_product(organisation)] if products is None else list(products)
    values = {"priority": 40, "priority_parts": [["stars", 40]], **fields}
    values.setdefault("group", shown[0].group if shown else make_group())
    if state != ApplicationState.DRAFT:
        values.setdefault("submitted_at", timezone.now())
    application = Application.objects.create(
        fair=fair or make_fair(), organisation=organisation, state=state, **values
    )
    application.products.set(shown)
    return application


def make_badge(fair: Fair | None = None, **fields: Any) -> Badge:
    """The badge of a producer's person."""
    values = {"role": BadgeRole.PRODUCER, "person": f"Vũ Văn Định {next(_number)}", **fields}
    values.setdefault("organisation", make_organisation())
    return Badge.objects.create(fair=fair or make_fair(), **values)


def make_wording() -> Wording:
    """The wording that the product comes with."""
    content = standard_wording()
    values = {"content": content, "sha256": wording_sha256(content)}
    return Wording.objects.get_or_create(code=WORDING, version=1, defaults=values)[0]


def make_memorandum(
    fair: Fair | None = None,
    *,
    producer: Organisation | None = None,
    distributor: Organisation | None = None,
    products: Sequence[Product] | None = None,
    **fields: Any,
) -> Memorandum:
    """A draft between a producer (A) and a distributor (B) with one line item per product.

    Another `state` is entered last: what is frozen takes no more parties and products.
    """
    fair = fair or make_fair(FairState.RUNNING)
    state = fields.pop("state", MemorandumState.DRAFT)
    sides = {
        SignerRole.PARTY_A: producer or make_organisation(),
        SignerRole.PARTY_B: distributor or make_distributor(),
    }
    values = {
        "wording": make_wording(),
        "place": "Hà Nội",
        "witness": "Nguyễn Văn Chí",
        "witness_position": "Chánh Văn phòng Điều phối",
        "expires_on": fair.end + timedelta(days=365),
        **fields,
    }
    memorandum = Memorandum.objects.create(fair=fair, **values)
    for side, organisation in sides.items():
        _make_party(memorandum, side, organisation)
    shown = [make_product(sides[SignerRole.PARTY_A])] if products is None else products
    for order, product in enumerate(shown, start=1):
        _make_item(memorandum, order, product)
    if state != MemorandumState.DRAFT:
        memorandum.state = state
        memorandum.save(update_fields=["state"])
    return memorandum


def _make_party(memorandum: Memorandum, side: str, organisation: Organisation) -> Party:
    return Party.objects.create(
        memorandum=memorandum,
        side=side,
        organisation=organisation,
        name=organisation.name,
        kind=organisation.actor_type,
        address=f"{organisation.address}, {organisation.place.name}",
        tax_code=organisation.tax_code,
        phone=organisation.phone,
        representative=organisation.representative,
        position=organisation.position,
    )


def _make_item(memorandum: Memorandum, order: int, product: Product) -> Item:
    certification = product.certifications.first()
    return Item.objects.create(
        memorandum=memorandum,
        order=order,
        product=product,
        name=product.name,
        stars=certification.stars if certification else None,
        decision=certification.decision_number if certification else "",
        unit=product.unit,
        quantity_thousandths=500_000,
        period=Item.Period.MONTH,
        reference_price=product.reference_price,
    )


def make_ceremony(fair: Fair | None = None, *, stations: int = 2, **fields: Any) -> Ceremony:
    """A ceremony tomorrow with tables "Bàn 1", "Bàn 2", …"""
    values = {
        "title": "Lễ ký kết tiêu thụ sản phẩm OCOP",
        "place": "Quảng trường Thanh Trì",
        "starts_at": timezone.now() + timedelta(days=1),
        "witness": "Nguyễn Văn Chí",
        "witness_position": "Chánh Văn phòng Điều phối",
        **fields,
    }
    ceremony = Ceremony.objects.create(fair=fair or make_fair(FairState.RUNNING), **values)
    for number in range(1, stations + 1):
        Station.objects.create(ceremony=ceremony, number=number, name=f"Bàn {number}")
    return ceremony
