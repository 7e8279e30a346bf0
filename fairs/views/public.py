"""Doormen of the public site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from fairs import queries
from fairs.states import OVER


def home(request: HttpRequest) -> HttpResponse:
    """What is on now and next, and what was."""
    today = timezone.localdate()
    fairs = list(queries.public_fairs())
    return render(
        request,
        "fairs/home.html",
        {
            "section": "fairs",
            "coming": [fair for fair in fairs if fair.end >= today and fair.state not in OVER],
            "past": [fair for fair in reversed(fairs) if fair.end < today or fair.state in OVER],
        },
    )


def public_fair(request: HttpRequest, code: str) -> HttpResponse:
    """One fair, for everybody."""
    fair = queries.public_fairs().get(code=code)
    return render(request, "fairs/public_fair.html", {"section": "fairs", "fair": fair})
