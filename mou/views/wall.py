"""Doormen of the big screen beside a ceremony."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mou import queries
from mou.models import Ceremony


@require_safe
def wall(request: HttpRequest, token: str) -> HttpResponse:
    """The big screen: how many are signed, and who has signed last."""
    return _screen(request, token, "mou/wall.html")


@require_safe
def wall_figures(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the screen that changes; it asks for it every two seconds."""
    return _screen(request, token, "mou/wall_figures.html")


def _screen(request: HttpRequest, token: str, template: str) -> HttpResponse:
    ceremony = Ceremony.objects.select_related("fair").get(wall_token=token)
    response = render(request, template, {"ceremony": ceremony, "wall": queries.wall_of(ceremony)})
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
