"""A review with something in it, and a decision as a browser presses it: preview, then decide."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from booths.models import Application, Criterion, Decision
from booths.queries.review import choice_of
from booths.rendering.review import letters_of, seal_of
from fairs.models import Fair

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


def preview(client: Client, fair: Fair, form: dict[str, Any]) -> dict[str, Any]:
    """The answers that the preview page of this choice would send back."""
    page = client.post(reverse("application_review", args=[fair.code]), form)
    sent: dict[str, Any] = {"reason": form.get("reason", "")}
    for name, value in HIDDEN.findall(page.text):
        if name == "application":
            sent.setdefault(name, []).append(value)
        elif name != "csrfmiddlewaretoken":
            sent[name] = value
    return sent


def press_decide(client: Client, fair: Fair, form: dict[str, Any]) -> Any:
    """Read the messages, then decide."""
    sent = {**preview(client, fair, form), "step": "decide"}
    return client.post(reverse("application_review", args=[fair.code]), sent)


def make_review(fair: Fair) -> None:
    """One criterion, and a decision of which nobody was told."""
    Criterion.objects.create(fair=fair, name="Chất lượng sản phẩm", weight=2)
    Decision.objects.create(fair=fair, number=1, to="eligible")


def make_criteria(fair: Fair, *weights: int) -> list[Criterion]:
    """A criterion for each weight."""
    return [
        Criterion.objects.create(fair=fair, name=f"Tiêu chí {order}", weight=weight, order=order)
        for order, weight in enumerate(weights)
    ]


def review_forms(application: Application) -> dict[str, dict[str, Any]]:
    """What is filled in on the pages of the review, by the route."""
    letters = letters_of(choice_of(application.fair, {application.code}), to="eligible", reasons={})
    return {
        "application_review": {
            "application": application.code,
            "to": "eligible",
            "step": "decide",
            "seal": seal_of(letters),
            f"seen-{application.code}": application.version,
        },
        "application_score": {"points-1": "7"},
        "application_tag": {"word": "cần gọi điện"},
        "application_note": {"text": "Đã gọi."},
        "review_criteria": {
            "form-TOTAL_FORMS": "8",
            "form-INITIAL_FORMS": "0",
            "form-0-name": "Bao bì",
            "version": "0",
        },
    }
