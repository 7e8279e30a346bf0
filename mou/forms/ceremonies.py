"""What is filled in about ceremonies, their lines and tablets."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.text import clean, clean_lines
from mou.actions import CeremonyContent
from mou.models import Ceremony, Station

MOMENT = "%Y-%m-%dT%H:%M"
MOST_STATIONS = 30
MOST_AT_ONCE = 1000


class LineField(forms.CharField):
    """One line, cleaned before it is measured."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class CeremonyForm(forms.Form):
    """A ceremony, new without `version`. Once it is valid, `content` is what the actions take."""

    title = LineField(max_length=200)
    place = LineField(max_length=80)
    starts_at = forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
        input_formats=[MOMENT],
    )
    witness = LineField(max_length=120)
    witness_position = LineField(max_length=120)
    stations = forms.CharField(
        label=_("Signing tables"),
        help_text=_("One table a line, as its sign and the paper will say it."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    target = forms.IntegerField(min_value=1, max_value=100_000, required=False)
    needs_code = forms.BooleanField(
        required=False,
        help_text=_(
            "Each party gets six digits by e-mail or text message and types them before "
            "signing. Such a ceremony needs the network: nothing can be signed offline."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        for name, field in self.fields.items():
            if name not in ("stations", "version"):
                field.label = str(Ceremony._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]

    def clean_stations(self) -> list[str]:
        names = [line for line in clean_lines(self.cleaned_data["stations"]).split("\n") if line]
        if not 1 <= len(names) <= MOST_STATIONS:
            raise forms.ValidationError(
                _("Write at least one table, and at most %(most)s."),
                params={"most": MOST_STATIONS},
            )
        if any(len(name) > 80 for name in names):
            raise forms.ValidationError(_("A table's name has at most 80 letters."))
        if len({name.casefold() for name in names}) < len(names):
            raise forms.ValidationError(_("Two tables have the same name."))
        return names

    @property
    def content(self) -> CeremonyContent:
        """What was filled in."""
        values = {name: self.cleaned_data[name] for name in self.fields if name != "version"}
        return CeremonyContent(**values)


def ceremony_values(ceremony: Ceremony) -> dict[str, Any]:
    """The ceremony as the form's initial values."""
    names = ("title", "place", "starts_at", "witness", "witness_position", "target", "needs_code")
    return {
        **{name: getattr(ceremony, name) for name in names},
        "stations": "\n".join(station.name for station in ceremony.stations.all()),
        "version": ceremony.version,
    }


def ceremony_differences(form: CeremonyForm, ceremony: Ceremony) -> list[tuple[str, str, str]]:
    """For each field that differs: its label, what was typed, what somebody else has saved."""
    typed = {**form.cleaned_data, "stations": "\n".join(form.cleaned_data["stations"])}
    stored = ceremony_values(ceremony)
    return [
        (str(form.fields[name].label), _shown(typed[name]), _shown(stored[name]))
        for name in form.fields
        if name != "version" and typed[name] != stored[name]
    ]


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if hasattr(value, "astimezone"):
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"
    return str(value).replace("\n", ", ") if value is not None else "–"


class StationForm(forms.Form):
    """One of the ceremony's tables; where that is allowed, none."""

    station = forms.ModelChoiceField(
        Station.objects.none(), label=_("Signing table"), required=False, to_field_name="number"
    )

    def __init__(self, data: Any = None, *, ceremony: Ceremony) -> None:
        super().__init__(data)
        field = self.fields["station"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = ceremony.stations.all()
        field.empty_label = str(_("All tables in turn"))


class DeviceForm(StationForm):
    """A tablet that is to be enrolled: for which table, and what it is called."""

    label = LineField(label=_("Name of the tablet"), max_length=80)

    def __init__(self, data: Any = None, *, ceremony: Ceremony) -> None:
        super().__init__(data, ceremony=ceremony)
        self.fields["station"].required = True
        self.fields["station"].empty_label = None  # type: ignore[attr-defined]


class EnrolForm(forms.Form):
    """What the tablet sends: its public key, or nothing where it has no script."""

    public_key = forms.CharField(required=False, max_length=1000)

    def clean_public_key(self) -> dict[str, str] | None:
        """A point of P-256 as JWK (RFC 7517); a key that is none is no key."""
        try:
            jwk = json.loads(self.cleaned_data["public_key"] or "null")
        except (ValueError, RecursionError):
            return None
        if not isinstance(jwk, dict) or (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256"):
            return None
        if not all(isinstance(jwk.get(name), str) for name in "xy"):
            return None
        return {"kty": "EC", "crv": "P-256", "x": jwk["x"], "y": jwk["y"]}
