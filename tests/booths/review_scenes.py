"""How a decision is pressed through, as a browser does it: preview, then decide."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

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
