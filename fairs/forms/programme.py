"""What an organiser fills in about stages and sessions."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.text import clean, clean_lines
from fairs import queries
from fairs.actions.programme import SessionContent, require_session_times
from fairs.forms.clashes import Difference
from fairs.forms.editing import LinkField
from fairs.models import Fair, Session, SessionKind, Stage
from registry.models import Organisation, Place, Product

MINUTES = "%Y-%m-%dT%H:%M"
LARGEST = 2**31 - 1


class MomentField(forms.DateTimeField):
    """A day and a time of day, local."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES)
        super().__init__(widget=widget, input_formats=[MINUTES], **options)


class StageForm(forms.Form):
    """The names of a stage."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)

    def clean_name(self) -> str:
        return _required(self.cleaned_data["name"])

    def clean_name_en(self) -> str:
        return clean(self.cleaned_data["name_en"])


class MoveSessionForm(forms.Form):
    """Another time, another stage or both, for the version that was seen."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST)
    starts_at = MomentField(required=False)
    stage = forms.ModelChoiceField(Stage.objects.none(), required=False)

    def __init__(self, data: QueryDict, *, fair: Fair) -> None:
        super().__init__(data)
        self.fields["stage"].queryset = fair.stages.all()  # type: ignore[attr-defined]


class VersionForm(forms.Form):
    """The version that was seen."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST)


class SessionForm(forms.Form):
    """All of a session. `base` is what the page showed at first, for whoever saves second."""

    version = forms.IntegerField(
        min_value=1, max_value=LARGEST, required=False, widget=forms.HiddenInput
    )
    base = forms.CharField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=SessionKind.choices)
    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Stage"), empty_label=None)
    title = forms.CharField(label=_("Title"), max_length=300)
    title_en = forms.CharField(label=_("Title in English"), max_length=300, required=False)
    starts_at = MomentField(label=_("Starts"))
    ends_at = MomentField(label=_("Ends"))
    crew = forms.CharField(
        label=_("Performance crew"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "crews", "autocomplete": "off"}),
        help_text=_("Choose a known crew or write a new name."),
    )
    place = forms.ModelChoiceField(
        Place.objects.none(), label=_("From province"), required=False, empty_label="–"
    )
    host = forms.CharField(
        label=_("Presented by"),
        max_length=120,
        required=False,
        help_text=_("Who leads through it, e.g. the host of a livestream."),
    )
    livestream_url = LinkField(label=_("Livestream link"))
    description = forms.CharField(
        label=_("Description"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    description_en = forms.CharField(
        label=_("Description in English"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    producers = forms.ModelMultipleChoiceField(
        Organisation.objects.filter(is_producer=True),
        label=_("Producers"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    products = forms.ModelMultipleChoiceField(
        Product.objects.select_related("producer"),
        label=_("Products"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    find = forms.CharField(
        label=_("Find producers and products"),
        max_length=120,
        required=False,
        help_text=_("A name, a code or a place; accents may be left out."),
    )

    MERGED = (
        *("kind", "stage", "title", "title_en", "starts_at", "ends_at", "crew", "place"),
        *("host", "livestream_url", "description", "description_en", "producers", "products"),
    )

    def __init__(self, data: QueryDict | None = None, *, fair: Fair, **options: Any) -> None:
        super().__init__(data, **options)
        self.fair = fair
        fields: dict[str, Any] = self.fields
        fields["stage"].queryset = fair.stages.all()
        fields["place"].queryset = queries.provinces()
        first, last = (timezone.localtime(bound) for bound in queries.bounds_of(fair))
        for name in ("starts_at", "ends_at"):
            fields[name].widget.attrs |= {
                "min": f"{first:{MINUTES}}",
                "max": f"{last:{MINUTES}}",
            }
        self._offer()

    def _offer(self) -> None:
        """Show the chosen producers and products, and what the search finds, as boxes to tick."""
        fields: dict[str, Any] = self.fields
        producers = list(fields["producers"].queryset.filter(code__in=self._chosen("producers")))
        found = queries.find_producers(self._search()) if self.is_search else []
        producers += [each for each in found if each not in producers]
        products = queries.find_products(self._search() if self.is_search else "", producers)
        chosen = Product.objects.select_related("producer").filter(
            code__in=self._chosen("products")
        )
        products += [each for each in chosen if each not in products]
        fields["producers"].choices = [
            (each.code, f"{each.name} · {each.code}") for each in producers
        ]
        fields["products"].choices = [
            (each.code, f"{each.name} · {each.producer.name}") for each in products
        ]

    def _chosen(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict):
            return [code.replace("\0", "") for code in self.data.getlist(name)]
        return list(self.initial.get(name, []))

    def _search(self) -> str:
        return clean(str(self.data.get("find", "")))

    @property
    def is_search(self) -> bool:
        """Whether the button of the search was pressed, and with something to search for."""
        return "search" in self.data and bool(self._search())

    def clean_title(self) -> str:
        return _required(self.cleaned_data["title"])

    def clean_title_en(self) -> str:
        return clean(self.cleaned_data["title_en"])

    def clean_crew(self) -> str:
        return clean(self.cleaned_data["crew"])

    def clean_host(self) -> str:
        return clean(self.cleaned_data["host"])

    def clean_description(self) -> str:
        return clean_lines(self.cleaned_data["description"])

    def clean_description_en(self) -> str:
        return clean_lines(self.cleaned_data["description_en"])

    def clean(self) -> None:
        starts_at, ends_at = (self.cleaned_data.get(name) for name in ("starts_at", "ends_at"))
        if starts_at and ends_at:
            try:
                require_session_times(self.fair, starts_at, ends_at)
            except DomainError as error:
                self.add_error("ends_at" if ends_at <= starts_at else "starts_at", str(error))

    def content(self) -> SessionContent:
        """What a valid form says."""
        return SessionContent(**{name: self.cleaned_data[name] for name in self.MERGED})

    @property
    def offers(self) -> bool:
        """Whether there is any producer or product to tick."""
        fields: dict[str, Any] = self.fields
        return bool(fields["producers"].choices or fields["products"].choices)


def session_values(session: Session) -> dict[str, Any]:
    """The session as the form's initial values, `base` included."""
    values = _values(session)
    return {**values, "version": session.version, "base": json.dumps(values)}


def merged_data(data: Any, session: Session) -> QueryDict:
    """The answers of whoever saves second upon what the first one saved meanwhile.

    Where only the first changed a field since `base`, it is the first's; otherwise it is as
    answered. With it goes the version that may now be saved over.
    """
    theirs = _values(session)
    base = _read_base(data.get("base", ""))
    merged = data.copy()
    for name in SessionForm.MERGED:
        mine = data.getlist(name)
        if name in base and sorted(mine) == sorted(_listed(base[name])):
            merged.setlist(name, _listed(theirs[name]))
    merged["version"] = str(session.version)
    merged["base"] = json.dumps(theirs)
    return merged


def moved_data(session: Session, moves: dict[str, Any]) -> QueryDict:
    """The session as answers, but for another stage or start."""
    data = QueryDict(mutable=True)
    theirs = _values(session)
    wanted = dict(theirs)
    if moves.get("stage"):
        wanted["stage"] = str(moves["stage"].pk)
    if moves.get("starts_at"):
        wanted["starts_at"] = _local(moves["starts_at"])
        wanted["ends_at"] = _local(moves["starts_at"] + (session.ends_at - session.starts_at))
    for name, value in wanted.items():
        data.setlist(name, _listed(value))
    data["version"] = str(session.version)
    data["base"] = json.dumps(theirs)
    return data


def differences(form: SessionForm, session: Session) -> list[Difference]:
    """The fields of which this form says something else than what is stored now."""
    theirs = SessionForm(_as_data(session), fair=form.fair)
    return [
        Difference(str(form.fields[name].label), _shown(theirs, name), _shown(form, name))
        for name in SessionForm.MERGED
        if _shown(theirs, name) != _shown(form, name)
    ]


def _as_data(session: Session) -> QueryDict:
    return moved_data(session, {})


def _shown(form: SessionForm, name: str) -> str:
    form.is_valid()
    value = form.cleaned_data.get(name)
    if name == "kind":
        return str(SessionKind(value).label) if value else "–"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%H:%M %d/%m/%Y}"
    if isinstance(value, str) or not isinstance(value, Iterable):
        return str(value or "–")
    return ", ".join(sorted(str(each) for each in value)) or "–"


def _values(session: Session) -> dict[str, Any]:
    """The session's fields as a page would send them."""
    return {
        "kind": session.kind,
        "stage": str(session.stage_id),
        "title": session.title,
        "title_en": session.title_en,
        "starts_at": _local(session.starts_at),
        "ends_at": _local(session.ends_at),
        "crew": session.crew.name if session.crew else "",
        "place": str(session.place_id or ""),
        "host": session.host,
        "livestream_url": session.livestream_url,
        "description": session.description.replace("\n", "\r\n"),
        "description_en": session.description_en.replace("\n", "\r\n"),
        "producers": sorted(each.code for each in session.producers.all()),
        "products": sorted(each.code for each in session.products.all()),
    }


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):{MINUTES}}"


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _read_base(text: str) -> dict[str, Any]:
    try:
        base = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return base if isinstance(base, dict) else {}


def _required(text: str) -> str:
    text = clean(text)
    if not text:
        raise forms.ValidationError(forms.Field.default_error_messages["required"])
    return text
