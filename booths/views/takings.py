"""Doormen of what a producer's own stand took."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from booths import queries
from booths.actions import record_takings
from booths.forms import TakingsForm
from booths.queries.sharing import days_held
from booths.rules import DAYS_TO_SAY, days_to_say
from core.errors import told_on
from core.vietnam import shown_days


@login_required
def my_takings(request: SignedIn, application: str) -> HttpResponse:
    """One stand's takings, a field a day, and what the producer took at earlier fairs."""
    placement = queries.own_stand(request.user, application)
    row = placement.application
    today = timezone.localdate()
    own = days_held(request.user, row)
    said = {day: each for day, each in queries.takings_of(row).items() if day in own}
    form = TakingsForm(
        request.POST if request.method == "POST" else None,
        days=[day for day in reversed(days_to_say(row.fair, today)) if day in own],
        stored={day: each.amount for day, each in said.items()},
    )
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            record_takings(application=row, takings=form.takings, actor=request.user)
            messages.success(request, _("Saved. Thank you!"))
            return redirect("my_takings", row.code)
    return render(
        request,
        "booths/my_takings.html",
        {
            "placement": placement,
            "application": row,
            "form": form,
            "said": list(said.values()),
            "total": sum(each.amount for each in said.values()),
            "last_day": row.fair.end + DAYS_TO_SAY,
            "own_days": shown_days(own) if placement.shared else "",
            "has_begun": row.fair.first_day <= today,
            "history": queries.history_of(placement),
        },
        status=422 if form.errors else 200,
    )
