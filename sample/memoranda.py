"""Memoranda between the sample's producers and distributors, drawn up as an organiser does."""

from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from booths.models import Application
from fairs.models import Fair
from mou.actions import Line, draw_up_memorandum, freeze_memorandum
from mou.models import Item, Memorandum
from mou.queries import expires_after
from registry.models import Organisation, Product
from registry.queries import with_certificate
from sample.names import MARK

PLACE = "Hà Nội"
WITNESS = f"Vũ Quang Minh {MARK}"
WITNESS_POSITION = f"Đại diện lãnh đạo thành phố {MARK}"
MONTHS = 12
MOST_LINES = 3


def might_sign(fair: Fair) -> QuerySet[Application]:
    """The fair's applications that bring something certified, by priority."""
    bringing = fair.applications.filter(products__in=_certified(Product.objects.all()).values("pk"))
    return bringing.select_related("organisation").order_by("-priority", "code").distinct()


def _certified(products: QuerySet[Product]) -> QuerySet[Product]:
    return with_certificate(products, timezone.localdate()).filter(is_certified=True)  # type: ignore[misc]


def distributor_number(number: int) -> Organisation:
    """The sample's distributors in the order of their codes, from 0, round and round."""
    distributors = Organisation.objects.filter(is_distributor=True).order_by("code")
    return distributors[number % distributors.count()]


def load_memoranda(fair: Fair, actor: User) -> None:
    """Draw up two: one frozen, waiting for its signatures, and one that is still a draft."""
    first, second = might_sign(fair)[:2]
    ready = draw_up(fair, application=first, distributor=distributor_number(0), actor=actor)
    freeze_memorandum(memorandum=ready, actor=actor)
    draw_up(fair, application=second, distributor=distributor_number(1), actor=actor)


def draw_up(
    fair: Fair, *, application: Application, distributor: Organisation, actor: User
) -> Memorandum:
    """Draw up a draft on what the applicant brings and holds a valid certificate for.

    A tenth of what the producer can make each month, for a year from today.
    """
    lines = [
        Line(
            product=product,
            quantity=Decimal(max(10, product.monthly_capacity // 10)),
            period=Item.Period.MONTH,
        )
        for product in _certified(application.products.all())[:MOST_LINES]
    ]
    return draw_up_memorandum(
        fair=fair,
        producer=application.organisation,
        distributor=distributor,
        lines=lines,
        place=PLACE,
        witness=WITNESS,
        witness_position=WITNESS_POSITION,
        expires_on=expires_after(timezone.localdate(), MONTHS),
        actor=actor,
    )
