"""Rows of what takes part: places, groups, villages, organisations, products, certificates."""

from collections.abc import Iterable, Mapping
from datetime import date

from core.text import fold
from registry.models import (
    ActorType,
    Certification,
    CraftVillage,
    Organisation,
    Place,
    PlaceKind,
    Product,
    ProductGroup,
)
from sample.hanoi import GROUPS_2023_BY_2019, HanoiSample
from sample.records import (
    DistributorRecord,
    OrganisationRecord,
    PlaceRecord,
    ProducerRecord,
    ProductRecord,
)

# The word before a unit's name on papers. Provinces and cities go by their bare names.
KINDS = {
    "city": (PlaceKind.CITY, ""),
    "province": (PlaceKind.PROVINCE, ""),
    "urban_district": (PlaceKind.DISTRICT, "Quận"),
    "rural_district": (PlaceKind.DISTRICT, "Huyện"),
    "town": (PlaceKind.DISTRICT, "Thị xã"),
    "ward": (PlaceKind.WARD, "Phường"),
    "commune": (PlaceKind.COMMUNE, "Xã"),
}
TITLES = {
    "lang_nghe": CraftVillage.Title.CRAFT,
    "lang_nghe_truyen_thong": CraftVillage.Title.TRADITIONAL,
}
# Decision 1048/QĐ-TTg of 21/08/2019, in force until Decision 148/QĐ-TTg of 24/02/2023.
SCHEMES = {
    2019: (date(2019, 8, 21), date(2023, 2, 23)),
    2023: (date(2023, 2, 24), None),
}
GROUPS = {
    2019: (
        ("food", "Thực phẩm", "Food"),
        ("beverage", "Đồ uống", "Beverages"),
        ("herbal", "Thảo dược", "Herbs"),
        ("textile", "Vải và may mặc", "Fabric and garments"),
        ("craft", "Lưu niệm, nội thất, trang trí", "Souvenirs, furniture and decoration"),
        ("tourism", "Dịch vụ du lịch nông thôn, bán hàng", "Rural tourism and sales services"),
    ),
    2023: (
        ("food", "Thực phẩm", "Food"),
        ("beverage", "Đồ uống", "Beverages"),
        (
            "herbal",
            "Dược liệu và sản phẩm từ dược liệu",
            "Medicinal herbs and herbal products",
        ),
        ("craft", "Hàng thủ công mỹ nghệ", "Handicrafts"),
        ("plants", "Sinh vật cảnh", "Ornamental plants and animals"),
        (
            "tourism",
            "Dịch vụ du lịch cộng đồng, du lịch sinh thái và điểm du lịch",
            "Community tourism, ecotourism and destinations",
        ),
    ),
}

Groups = Mapping[tuple[int, str], ProductGroup]


def load_registry(sample: HanoiSample) -> None:
    """Write everything that takes part; nothing of it may be there yet, places and groups apart."""
    places = _load_places(sample.places)
    groups = _load_groups()
    trades = {kind.code: kind.name for kind in sample.kinds}
    villages = {
        village.name: village
        for village in CraftVillage.objects.bulk_create(
            CraftVillage(
                name=record.name,
                title=TITLES[record.title],
                craft=trades[record.kind],
                place=places[record.commune],
            )
            for record in sample.craft_villages
        )
    }
    organisations = {
        organisation.code: organisation
        for organisation in Organisation.objects.bulk_create(
            [
                *(_producer(record, places, villages) for record in sample.producers),
                *(_distributor(record, places) for record in sample.distributors),
            ],
            batch_size=500,
        )
    }
    products = Product.objects.bulk_create(
        [_product(record, organisations, groups, trades) for record in sample.products],
        batch_size=500,
    )
    Certification.objects.bulk_create(
        [
            _certification(product, record)
            for product, record in zip(products, sample.products, strict=True)
        ],
        batch_size=500,
    )


def _load_places(records: Iterable[PlaceRecord]) -> dict[str, Place]:
    """Write the places, parents first, and of each district what it became."""
    records = list(records)
    for is_top in (True, False):
        known = {place.code: place for place in Place.objects.all()}
        Place.objects.bulk_create(
            _place(record, known)
            for record in records
            if (record.parent is None) is is_top and record.code not in known
        )
    places = {place.code: place for place in Place.objects.all()}
    succession = Place.successors.through
    succession.objects.bulk_create(
        (
            succession(
                from_place=places[record.former_district],
                to_place=places[record.code],
            )
            for record in records
            if record.former_district
        ),
        ignore_conflicts=True,
    )
    return places


def _place(record: PlaceRecord, known: Mapping[str, Place]) -> Place:
    kind, word = KINDS[record.kind]
    return Place(
        code=record.code,
        name=f"{word} {record.name}".strip(),
        kind=kind,
        region=record.region,
        parent=known[record.parent] if record.parent else None,
        valid_from=record.valid_from,
        valid_to=record.valid_to,
    )


def _load_groups() -> dict[tuple[int, str], ProductGroup]:
    """Write both schemes, the newer first: a group of 2019 points to what it usually became."""
    groups: dict[tuple[int, str], ProductGroup] = {}
    for scheme in sorted(GROUPS, reverse=True):
        valid_from, valid_to = SCHEMES[scheme]
        for order, (code, name_vi, name_en) in enumerate(GROUPS[scheme], start=1):
            usual = GROUPS_2023_BY_2019[code][0] if scheme == 2019 else ""
            groups[scheme, code], _created = ProductGroup.objects.get_or_create(
                scheme=scheme,
                code=code,
                defaults={
                    "name_vi": name_vi,
                    "name_en": name_en,
                    "order": order,
                    "valid_from": valid_from,
                    "valid_to": valid_to,
                    "successor": groups.get((2023, usual)),
                },
            )
    return groups


def _producer(
    record: ProducerRecord, places: Mapping[str, Place], villages: Mapping[str, CraftVillage]
) -> Organisation:
    organisation = _organisation(record, places)
    organisation.is_producer = True
    organisation.actor_type = record.actor_type
    if record.craft_village:
        organisation.craft_village = villages[record.craft_village]
    return organisation


def _distributor(record: DistributorRecord, places: Mapping[str, Place]) -> Organisation:
    organisation = _organisation(record, places)
    organisation.is_distributor = True
    organisation.actor_type = ActorType.ENTERPRISE
    return organisation


def _organisation(record: OrganisationRecord, places: Mapping[str, Place]) -> Organisation:
    place = places[record.commune]
    return Organisation(
        code=record.code,
        name=record.name,
        search=fold(f"{record.name} {record.code} {place.name}"),
        tax_code=record.tax_code,
        phone=record.phone,
        email=record.email,
        address=record.address_line,
        place=place,
        representative=record.representative,
        position=record.position,
    )


def _product(
    record: ProductRecord,
    organisations: Mapping[str, Organisation],
    groups: Groups,
    trades: Mapping[str, str],
) -> Product:
    return Product(
        code=record.code,
        producer=organisations[record.producer],
        group=_group_of(record, groups),
        name=record.name,
        search=fold(f"{record.name} {record.code}"),
        kind=trades[record.kind],
        unit=record.unit,
        reference_price=record.price,
        monthly_capacity=record.monthly_capacity,
    )


def _group_of(record: ProductRecord, groups: Groups) -> ProductGroup:
    """The group of 2019, in which the report counts, where it leads to the one of 2023.

    Ornamental plants were counted with the souvenirs and have a group of their own since.
    """
    old, new = groups[2019, record.group_2019], groups[2023, record.group_2023]
    return old if old.current == new else new


def _certification(product: Product, record: ProductRecord) -> Certification:
    given = record.certification
    return Certification(
        product=product,
        stars=given.stars,
        potential_five_star=given.potential_five_star,
        decision_number=given.decision_number,
        decision_date=given.decision_date,
        valid_until=given.valid_until,
    )
