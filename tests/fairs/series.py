"""Series of evenings and of trade weeks, for the tests of series."""

from datetime import date
from typing import Any

from django.test import Client
from django.urls import reverse

from fairs.actions.series import (
    Base,
    base_values,
)
from fairs.models import Series

FRIDAYS = [date(2035, 2, day) for day in (2, 9, 16, 23)]


RULE = {
    "title": "Chợ đêm trên mây",
    "title_en": "Night market in the clouds",
    "short_title": "Chợ đêm",
    "register_code": "CDM",
    "opens": "20:00",
    "closes": "22:00",
    "channel": "OCOP Hà Nội",
    "channel_url": "https://live.example/ocop",
    "first_day": "01/02/2035",
    "every": "1",
    "step": "WEEKLY",
    "weekdays": ["4"],
    "until": "28/02/2035",
}


PLACES = {
    "title": "Tuần hàng OCOP",
    "short_title": "Tuần hàng",
    "register_code": "TH35",
    "form-TOTAL_FORMS": "5",
    "form-INITIAL_FORMS": "0",
    **{f"form-{number}-attendance": "on_site" for number in range(5)},
}


def send_new(client: Client, way: str, sent: dict[str, Any], **more: Any) -> Any:
    address = reverse("series_new", args=[2035]) + f"?way={way}"
    return client.post(address, {**sent, **more})


def confirm(client: Client, preview: Any) -> Any:
    """Press the button that the preview has."""
    request = preview.wsgi_request
    sent = {**{name: request.POST.getlist(name) for name in request.POST}}
    address = request.get_full_path()
    return client.post(address, {**sent, "confirm": preview.context["seal"]})


def make_evenings(client: Client, **more: Any) -> Series:
    answer = confirm(client, send_new(client, "rule", RULE, **more))
    assert answer.status_code == 302
    return Series.objects.get()


def page_of(series: Series, name: str = "series_page") -> str:
    return reverse(name, args=[2035, series.code])


def states_of(series: Series) -> dict[date, str]:
    return {fair.series_day: fair.state for fair in series.fairs.all() if fair.series_day}


def base_of() -> Any:
    return Base(values=base_values("online"), short_title="Chợ đêm", register_code="CDM")
