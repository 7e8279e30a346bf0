"""Rows of the programme: stages, crews and sessions with who takes part."""

from datetime import datetime

from django.utils import timezone

from fairs.models import Crew, Fair, Session, Stage
from registry.models import Place, Product
from sample.hanoi import HanoiSample
from sample.records import SessionRecord
from sample.sessions import STAGES

# How many producers of its group take part in a session.
TAKING_PART = 2


def load_sessions(sample: HanoiSample, fair: Fair) -> None:
    """Write the programme of the near fair; with the first producers of each group."""
    stages = {
        name: Stage.objects.create(fair=fair, name=name, name_en=name_en, order=order)
        for order, (name, name_en) in enumerate(STAGES.items())
    }
    for record in sample.fairs[-1].sessions:
        _load_session(record, stages[record.stage])


def _load_session(record: SessionRecord, stage: Stage) -> None:
    crew = Crew.objects.get_or_create(name=record.crew)[0] if record.crew else None
    session = Session.objects.create(
        fair=stage.fair,
        stage=stage,
        kind=record.kind,
        title=record.title,
        title_en=record.title_en,
        starts_at=timezone.make_aware(datetime.combine(record.day, record.starts)),
        ends_at=timezone.make_aware(datetime.combine(record.day, record.ends)),
        crew=crew,
        place=Place.objects.get(code=record.place) if record.place else None,
        livestream_url=record.livestream_url,
    )
    if record.group:
        products = products_of(record.group)
        session.products.set(products)
        session.producers.set({product.producer_id for product in products})


def products_of(group: str) -> list[Product]:
    """One product each of the first producers of the group, by their code."""
    products: dict[int, Product] = {}
    for product in Product.objects.filter(group__code=group).order_by("producer__code", "pk"):
        products.setdefault(product.producer_id, product)
        if len(products) == TAKING_PART:
            break
    return list(products.values())
