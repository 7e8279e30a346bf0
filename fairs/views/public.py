"""Doormen of the public site."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from operator import itemgetter

from django.core.paginator import InvalidPage, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from core.text import vietnamese_key
from fairs import queries
from fairs.forms import SearchForm
from fairs.models import Fair, Session
from fairs.queries.pavilions import public_provinces
from fairs.queries.series import others_of_series
from fairs.queries.venues import public_pictures_of
from fairs.rendering import public_data
from fairs.states import BOOTHS_SHOWN, FairState

PAGE = 24


def home(request: HttpRequest) -> HttpResponse:
    """What is on now and next, and what was; searched and filtered."""
    fairs = list(queries.public_fairs())
    form = SearchForm(request.GET, months=_months(fairs), places=_places(fairs))
    unknown = form.unknown
    found = queries.by_part(queries.find_fairs(fairs, **form.wanted), timezone.localdate())
    pages = Paginator(found, PAGE)
    try:
        page = pages.page(request.GET.get("page") or 1)
    except InvalidPage:
        page = pages.page(1)
        unknown.append(_("There is no such page, so this is the first."))
    return render(
        request,
        "fairs/home.html",
        {
            "section": "fairs",
            "form": form,
            "unknown": unknown,
            "is_filtered": any(form.wanted.values()),
            "is_open": bool(unknown or not found),
            "is_empty": not fairs,
            "page": page,
            "parts": [
                (part, [fair for _part, fair in rows])
                for part, rows in groupby(page, key=itemgetter(0))
            ],
            "meta": public_data.home_meta(),
            "site_url": public_data.absolute(""),
        },
    )


def _months(fairs: list[Fair]) -> set[str]:
    return {month for fair in fairs for month in queries.months_of(fair)}


def _places(fairs: list[Fair]) -> dict[str, str]:
    """Each place by its code, under the province it lies in."""
    chains = [queries.places_of(fair) for fair in fairs]
    named = {
        chain[depth].code: " › ".join(place.name for place in chain[: depth + 1])
        for chain in chains
        for depth in range(len(chain))
    }
    return dict(sorted(named.items(), key=lambda row: vietnamese_key(row[1])))


def _by_day(sessions: Iterable[Session]) -> list[tuple[date, list[Session]]]:
    """What begins on each day, in the order given, which is that of time."""
    days = groupby(sessions, key=lambda session: timezone.localtime(session.starts_at).date())
    return [(day, list(items)) for day, items in days]


def public_fair(request: HttpRequest, code: str) -> HttpResponse:
    """One fair, for everybody: when, where, what happens, how to take part."""
    fair = queries.public_fairs().get(code=code)
    closes = fair.applications_close_at
    is_open = fair.state == FairState.REGISTERING and (closes is None or closes > timezone.now())
    sessions = list(queries.sessions_of(fair))
    return render(
        request,
        "fairs/public_fair.html",
        {
            "section": "fairs",
            "fair": fair,
            "where": public_data.where(fair),
            "geo": public_data.geo_address(fair.venue),
            "programme": _by_day(sessions),
            "guests": public_provinces(fair, sessions),
            "is_open": is_open,
            "shows_booths": fair.state in BOOTHS_SHOWN,
            "pictures": public_pictures_of(fair),
            "others": others_of_series(fair, today=timezone.localdate()),
            "meta": public_data.meta_of(fair),
            "event": public_data.describe_event(fair),
        },
    )
