"""What is filled in about venues, halls, pictures, and the dates that are looked for there."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.errors import DomainError
from core.text import slug, vietnamese_key
from core.vietnam import shown_date
from fairs.forms.clashes import Difference
from fairs.forms.editing import DAY, LineField, LinesField
from fairs.forms.plans import CountField
from fairs.models import Hall, Venue
from fairs.rendering.pictures import MEDIA_TYPE, MOST_BYTES, redraw_picture, too_heavy
from registry.models import Place

LARGEST = 2**31 - 1
PDF = "application/pdf"
PLAN_LONGEST = 2400
# As maps copy it: 21.02850, 105.85420, with or without geo: before it.
POSITION = re.compile(r"(?:geo:)?\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)")
FIFTH = Decimal("0.00001")
# What stands in addresses where a code would.
RESERVED = {"new"}
MOST_DAYS = 60
# What the address of a new fair may say of it.
PREFILLED = ("first_day", "last_day", "venue", "hall")
YEARS_AHEAD = 5


class VersionedForm(forms.Form):
    """A form about a row that others may save meanwhile.

    `version` and `seen` say what the page showed at first; `both` and `taken` are the
    differences after a clash: what both changed, and what only the other one did.
    """

    OWN: ClassVar[tuple[str, ...]]

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=LARGEST, required=False
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    both: tuple[Difference, ...] = ()
    taken: tuple[Difference, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What the actions take; of a valid form."""
        return {name: self.cleaned_data[name] for name in self.OWN}

    def sent(self) -> dict[str, str]:
        """The answers as they were sent, line ends alike."""
        return {
            name: str(self.data.get(name, "")).replace("\r\n", "\n").strip()
            for name in self.fields
            if name not in ("version", "seen", "code")
        }

    def read_seen(self) -> dict[str, Any]:
        try:
            seen = json.loads(self.data.get("seen", ""))
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}

    def shown(self, name: str, value: str) -> str:
        """An answer as people read it."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            choices: Any = field.choices
            return str({str(key): label for key, label in choices}.get(value, value))
        if isinstance(field, forms.BooleanField):
            return str(_("yes") if value else _("no"))
        return value or "–"


def initial_with(row: Any, values: Mapping[str, str]) -> dict[str, Any]:
    """A form's initial values together with what tells a clash."""
    return {**values, "version": row.version, "seen": json.dumps(values)}


def merged_values(
    mine: VersionedForm, row: Any, theirs: Mapping[str, str]
) -> tuple[dict[str, Any], tuple[Difference, ...], tuple[Difference, ...]]:
    """The answers of whoever saves second upon what the first one saved meanwhile.

    What only the first one changed is taken over; of what both changed, the answers stay.
    Returns the initial values of a new form, its `both` and its `taken`.
    """
    seen, sent = mine.read_seen(), mine.sent()
    merged: dict[str, str] = {}
    both: list[Difference] = []
    taken: list[Difference] = []
    for name, their in theirs.items():
        untouched = name in seen and seen[name] == sent[name]
        merged[name] = their if untouched else sent[name]
        if their not in (sent[name], seen.get(name)):
            difference = Difference(
                label=str(mine.fields[name].label),
                theirs=mine.shown(name, their),
                mine=mine.shown(name, sent[name]),
            )
            (taken if untouched else both).append(difference)
    initial = {**merged, "version": row.version, "seen": json.dumps(dict(theirs))}
    return initial, tuple(both), tuple(taken)


def place_choices(venue: Venue | None) -> list[tuple[str, str]]:
    """Today's places, each with what it lies in, and the one that the venue has now."""
    wanted = Q(valid_to=None) | Q(pk=venue.place_id if venue else None)
    places = Place.objects.filter(wanted).select_related("parent")
    named = [
        (place.code, f"{place.name}, {place.parent.name}" if place.parent else place.name)
        for place in places
    ]
    return [("", "–"), *sorted(named, key=lambda row: vietnamese_key(row[1]))]


class VenueForm(VersionedForm):
    """A venue, new without `venue`."""

    OWN = ("name", "short_name", "address", "place", "latitude", "longitude", "is_online", "notes")

    name = LineField(label=_("Name"), max_length=200)
    short_name = LineField(
        label=_("Short name"), max_length=40, help_text=_("Stands before its row in the plan.")
    )
    code = LineField(
        label=_("Code"),
        max_length=60,
        required=False,
        help_text=_("Stands in the address of its pages. Left empty, it is made of the name."),
    )
    is_online = forms.BooleanField(label=_("Online: no place to go to"), required=False)
    address = LineField(label=_("Address"), max_length=200, required=False)
    place = forms.ChoiceField(label=_("Commune, ward or province"), required=False)
    position = LineField(
        label=_("Position on the map"),
        max_length=60,
        required=False,
        help_text=_("Latitude and longitude as a map copies them, e.g. 21.02850, 105.85420."),
    )
    notes = LinesField(label=_("Notes"), max_length=4000, required=False)

    def __init__(self, data: Any = None, *, venue: Venue | None = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["place"].choices = place_choices(venue)  # type: ignore[attr-defined]
        if venue:
            del self.fields["code"]

    def clean_place(self) -> Place | None:
        code = self.cleaned_data["place"]
        return Place.objects.get(code=code) if code else None

    def clean_position(self) -> str:
        text: str = self.cleaned_data["position"]
        found = POSITION.fullmatch(text)
        if text and not found:
            raise forms.ValidationError(
                _("Write two numbers with points, first the latitude: 21.02850, 105.85420.")
            )
        here = (
            [Decimal(number).quantize(FIFTH) for number in found.groups()] if found else [None] * 2
        )
        latitude, longitude = here
        if latitude is not None and (abs(latitude) > 90 or abs(longitude) > 180):  # type: ignore[arg-type]
            raise forms.ValidationError(
                _("The latitude lies between −90 and 90, the longitude between −180 and 180.")
            )
        self.cleaned_data |= {"latitude": latitude, "longitude": longitude}
        return text

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if "code" in self.fields and "code" in data and "name" in data:
            data["code"] = slug(data["code"] or data["name"])
            if not data["code"] or data["code"] in RESERVED:
                self.add_error(
                    "code", _("Write a code of letters and digits, such as cung-van-hoa.")
                )
            elif Venue.objects.filter(code=data["code"]).exists():
                self.add_error("code", _("Another venue has this code. Choose another one."))
        return data


def venue_values(venue: Venue) -> dict[str, str]:
    """The venue's fields as a page would send them."""
    return {
        "name": venue.name,
        "short_name": venue.short_name,
        "is_online": "on" if venue.is_online else "",
        "address": venue.address,
        "place": venue.place.code if venue.place else "",
        "position": f"{venue.latitude}, {venue.longitude}" if venue.latitude is not None else "",
        "notes": venue.notes,
    }


class TimeOfDayField(forms.TimeField):
    """Hours and minutes."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **options)


class HallForm(VersionedForm):
    """A hall: what it offers, and when it may be entered."""

    OWN = (
        *("name", "area_m2", "power_kw", "water_points", "move_in_days", "move_out_days"),
        *("move_in_from", "move_out_until", "notes"),
    )

    name = LineField(label=_("Name"), max_length=120)
    area_m2 = CountField(label=_("Area (m²)"), min_value=0, max_value=10_000_000, required=False)
    power_kw = CountField(label=_("Power (kW)"), min_value=0, max_value=1_000_000, required=False)
    water_points = CountField(
        label=_("Water points"), min_value=0, max_value=100_000, required=False
    )
    move_in_days = CountField(
        label=_("Days to move in"), min_value=0, max_value=30, help_text=_("Before the fair opens.")
    )
    move_out_days = CountField(
        label=_("Days to move out"), min_value=0, max_value=30, help_text=_("After its last day.")
    )
    move_in_from = TimeOfDayField(label=_("Moving in from"), required=False)
    move_out_until = TimeOfDayField(label=_("Moving out until"), required=False)
    notes = LinesField(label=_("Notes"), max_length=4000, required=False)


def hall_values(hall: Hall) -> dict[str, str]:
    """The hall's fields as a page would send them."""
    found = {name: getattr(hall, name) for name in HallForm.OWN}
    shown = {name: "" if value is None else str(value) for name, value in found.items()}
    for name in ("move_in_from", "move_out_until"):
        shown[name] = shown[name][:5]
    return shown


NEW_HALL = {"move_in_days": "1", "move_out_days": "1"}


def _read(file: UploadedFile) -> bytes:
    """The whole file, if it is not too large."""
    if (file.size or 0) > MOST_BYTES:
        raise forms.ValidationError(str(too_heavy()))
    content: bytes = file.read()
    return content


def _redraw(content: bytes, **options: Any) -> bytes:
    try:
        return redraw_picture(content, **options).content
    except DomainError as error:
        raise forms.ValidationError(str(error)) from error


class PictureForm(forms.Form):
    """A picture of the venue; once valid, its `file` is the picture drawn anew."""

    file = forms.FileField(
        label=_("Picture (JPEG, PNG or WebP, up to 10 MB)"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    caption = LineField(label=_("Caption"), max_length=120, required=False)
    hall = forms.ChoiceField(label=pgettext_lazy("picture", "Shows"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, halls: Iterable[Hall]) -> None:
        super().__init__(data, files)
        self.halls = {str(hall.pk): hall for hall in halls}
        named = [(key, hall.name) for key, hall in self.halls.items()]
        self.fields["hall"].choices = [("", _("The whole venue")), *named]  # type: ignore[attr-defined]

    def clean_file(self) -> bytes:
        return _redraw(_read(self.cleaned_data["file"]))

    def clean_hall(self) -> Hall | None:
        return self.halls.get(self.cleaned_data["hall"])


class BasePlanForm(forms.Form):
    """A hall's base plan; once valid, `file` is its content and `media_type` what it is."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST)
    file = forms.FileField(
        label=_("Base plan (picture or PDF, up to 10 MB)"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,.pdf"}),
    )
    media_type = MEDIA_TYPE

    def clean_file(self) -> bytes:
        if not self.cleaned_data["file"]:
            return b""  # the plan there is, is to be taken away
        content = _read(self.cleaned_data["file"])
        if not content.startswith(b"%PDF-"):
            return _redraw(content, longest=PLAN_LONGEST)
        if b"%%EOF" not in content[-2048:]:
            raise forms.ValidationError(_("This PDF file is not whole. Send it again."))
        self.media_type = PDF
        return content


class FreeDatesForm(forms.Form):
    """How many days a fair needs, from when on, and in which hall."""

    days = CountField(label=_("How many days"), min_value=1, max_value=MOST_DAYS)
    not_before = forms.DateField(label=_("Not before"), widget=forms.DateInput(attrs=DAY))
    hall = forms.ChoiceField(label=_("Hall"), required=False)

    def __init__(self, data: Mapping[str, Any], *, halls: Iterable[Hall]) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        asked = {name: data.get(name) for name in self.base_fields if name in data}
        super().__init__({"days": "5", "not_before": shown_date(tomorrow), **asked})
        self.halls = {str(hall.pk): hall for hall in halls}
        named = [(key, hall.name) for key, hall in self.halls.items()]
        self.fields["hall"].choices = [("", _("The whole venue")), *named]  # type: ignore[attr-defined]

    def clean_not_before(self) -> date:
        day: date = self.cleaned_data["not_before"]
        today = timezone.localdate()
        if day <= today:
            raise forms.ValidationError(_("Choose a day after today."))
        if day.year > today.year + YEARS_AHEAD:
            raise forms.ValidationError(
                _("Choose a day within the next %(years)s years."), params={"years": YEARS_AHEAD}
            )
        return day

    def clean_hall(self) -> Hall | None:
        return self.halls.get(self.cleaned_data["hall"])


def asked_place(data: Mapping[str, str]) -> dict[str, Any]:
    """What an address says of a new fair's place and days, as initial values of its form."""
    days = {name: _day(data.get(name, "")) for name in ("first_day", "last_day")}
    places = {name: data.get(name, "")[:60] for name in ("venue", "hall")}
    return {name: value for name, value in (*days.items(), *places.items()) if value}


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
