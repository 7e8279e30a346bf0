"""Doormen of what organisers count: visitors, and the sale sheet of a livestream."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed
from fairs import queries
from fairs.actions import count_visitors, record_sales
from fairs.forms import SalesForm, VisitorsForm
from fairs.models import Fair, Session
from fairs.rules import are_figures_final, days_so_far


@login_required
def fair_visitors(request: SignedIn, code: str) -> HttpResponse:
    """How many visitors came, day by day, for the fair's organisers."""
    fair = queries.organised_fair_for(request.user, code)
    form = _visitors_form(request, fair)
    if request.method == "POST" and form.is_valid():
        try:
            count_visitors(fair=fair, visitors=form.visitors, actor=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            form = _visitors_form(request, fair)
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("fair_figures", code)
    context = {"section": "fairs", "tab": "figures", "fair": fair, "form": form}
    return render(request, "fairs/visitors.html", context, status=422 if form.errors else 200)


def _visitors_form(request: SignedIn, fair: Fair) -> VisitorsForm:
    return VisitorsForm(
        request.POST if request.method == "POST" else None,
        days=[] if are_figures_final(fair) else days_so_far(fair, timezone.localdate()),
        stored=queries.visitors_of(fair),
    )


@login_required
def livestream_sales(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Orders and takings of each product of a livestream, for the fair's organisers."""
    fair = queries.organised_fair_for(request.user, code)
    session = queries.livestream_of(fair, number)
    form = _form(request, session)
    if request.method == "POST" and form.is_valid():
        try:
            record_sales(session=session, sales=form.changed_sales, actor=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            form = _form(request, session)
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("livestream_sales", code, number)
    sold = form.sales.values()
    context = {
        "section": "fairs",
        "tab": "figures",
        "fair": fair,
        "session": session,
        "form": form,
        "orders": sum(each.orders for each in sold),
        "takings": sum(each.takings for each in sold),
        "has_begun": session.starts_at <= timezone.now(),
        "is_final": are_figures_final(fair),
    }
    return render(
        request, "fairs/livestream_sales.html", context, status=422 if form.errors else 200
    )


def _form(request: SignedIn, session: Session) -> SalesForm:
    return SalesForm(
        request.POST if request.method == "POST" else None,
        products=queries.products_sold_in(session),
        sales=queries.sales_of(session),
    )
