"""The doorman of one's own page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.rules import SignedIn
from booths.queries import due_takings, own_partnerships, producer_applications, shared_stands
from mou import queries


@login_required
def my_home(request: SignedIn) -> HttpResponse:
    """What a producer or distributor has here: today's takings, applications, memoranda."""
    placements = producer_applications(request.user)
    return render(
        request,
        "mou/my_home.html",
        {
            "due": due_takings([*placements, *shared_stands(request.user)], timezone.localdate()),
            "placements": placements,
            "partnerships": own_partnerships(request.user),
            "follow_ups": queries.own_follow_ups(request.user),
            "memoranda": queries.memoranda_of(request.user),
        },
    )
