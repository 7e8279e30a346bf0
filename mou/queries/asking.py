"""Reads: whose booth it is that a distributor stands at, and what is brought there."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from booths.models import Application
from fairs.models import Fair
from fairs.queries import public_fairs
from fairs.states import FairState
from registry.models import Organisation

ASKABLE = (FairState.PUBLISHED, FairState.RUNNING)


def application_at(fair_code: str, booth: str) -> Application:
    """The application that holds the booth, as published. Raises Application.DoesNotExist."""
    held = Application.objects.filter(
        fair__in=public_fairs().filter(code=fair_code, state__in=ASKABLE),
        assignments__released_at__isnull=True,
        assignments__booth_days__released_at__isnull=True,
        assignments__booth_days__booth__code=booth,
    )
    found = held.select_related("fair__venue__place__parent__parent", "organisation__place")
    return found.distinct().get()


def distributors_of(actor: Any) -> QuerySet[Organisation]:
    """The distributors that `actor` acts for."""
    own = Organisation.objects.filter(is_distributor=True, representatives__user=actor)
    return own.select_related("place__parent__parent").order_by("name")


def booth_address(fair: Fair, booth: str) -> str:
    """What the QR at a booth holds: the public page that says who is there."""
    path = reverse("public_booths", args=[fair.code])
    return f"{settings.SITE_URL}{path}?{urlencode({'booth': booth})}"
