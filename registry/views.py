"""Doormen of the organisations and their products."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.rules import SignedIn, can_use_desk
from core.errors import NotAllowed
from registry import queries

PAGE = 50


def _require_desk(request: HttpRequest) -> None:
    if not can_use_desk(request.user):
        raise NotAllowed("desk.only", _("This page is for the office's people."))


@login_required
def organisation_list(request: SignedIn) -> HttpResponse:
    """All organisations, searched and filtered."""
    _require_desk(request)
    search, role = request.GET.get("q", ""), request.GET.get("role", "")
    found = queries.organisations(search=search, role=role)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {"section": "organisations", "page": page, "search": search, "role": role}
    return render(request, "registry/organisation_list.html", context)


@login_required
def organisation_page(request: SignedIn, code: str) -> HttpResponse:
    """One organisation and its products."""
    _require_desk(request)
    organisation = queries.organisation_of(code)
    products = queries.with_certificate(
        organisation.products.select_related("group"), timezone.localdate()
    )
    context = {"section": "organisations", "organisation": organisation, "products": products}
    return render(request, "registry/organisation_page.html", context)
