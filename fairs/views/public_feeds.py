"""Doormen of what programs fetch from the public site: calendars, cards, the sitemap."""

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from fairs import queries
from fairs.rendering import public_card
from fairs.rendering.public_calendar import draw_calendar
from fairs.rendering.public_data import draw_robots, draw_sitemap
from registry.models import Region

DAY = 24 * 3600
HOUR = 3600


def _calendar(content: bytes, filename: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{filename}.ics"'
    return _keep(response, HOUR)


def _keep(response: HttpResponse, seconds: int) -> HttpResponse:
    """Let it be kept for a while, in the language of the reader."""
    patch_cache_control(response, max_age=seconds)
    patch_vary_headers(response, ["Cookie"])
    return response


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Every public fair."""
    content = draw_calendar(queries.public_fairs(), name=_("Fairs of Hanoi's OCOP products"))
    return _calendar(content, "calendar")


@require_safe
def region_calendar(request: HttpRequest, region: str) -> HttpResponse:  # noqa: ARG001
    """The public fairs about one region, or held in it."""
    if region not in Region.values:
        raise Http404
    fairs = queries.find_fairs(queries.public_fairs(), region=region)
    name = _("OCOP fairs: %(region)s") % {"region": Region(region).label}
    return _calendar(draw_calendar(fairs, name=name), region)


@require_safe
def fair_calendar(request: HttpRequest, code: str) -> HttpResponse:  # noqa: ARG001
    """One fair and its programme."""
    fair = queries.public_fairs().get(code=code)
    content = draw_calendar([fair], queries.sessions_of(fair), name=str(fair))
    return _calendar(content, fair.code)


@require_safe
def home_card(request: HttpRequest) -> HttpResponse:
    """The picture of the front page for shared links."""
    return _picture(request, public_card.home_card())


@require_safe
def card(request: HttpRequest, code: str) -> HttpResponse:
    """The picture of a fair for shared links."""
    return _picture(request, public_card.card_of(queries.public_fairs().get(code=code)))


def _picture(request: HttpRequest, wanted: public_card.Card) -> HttpResponse:
    known = get_conditional_response(request, etag=wanted.etag)
    response = known or HttpResponse(
        cache.get_or_set(
            f"card:{wanted.etag.strip(chr(34))}", lambda: public_card.draw_card(wanted), DAY
        ),
        content_type="image/png",
    )
    response.headers["ETag"] = wanted.etag
    return _keep(response, DAY)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Every public page, for search engines."""
    content = draw_sitemap(queries.public_fairs())
    return HttpResponse(content, content_type="application/xml")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """What search engines may read."""
    return HttpResponse(draw_robots(), content_type="text/plain; charset=utf-8")
