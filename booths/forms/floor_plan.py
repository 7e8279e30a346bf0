"""What is filled in about a floor plan where it is edited as a list. Lengths are in metres."""

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from booths.floor import Booth, Feature, Numbering, Plan, RowSpec, Zone
from booths.floor.changes import EDGES
from booths.floor.document import CODE_LENGTH, LONGEST, MOST_BOOTHS, NAME_LENGTH, ZONE_LENGTH
from booths.floor.numbering import CORNERS
from booths.floor.plan import FEATURE_KINDS
from booths.queries.floor_plan import groups_by_code
from booths.rendering.floor_words import FEATURE_NAMES
from core.text import clean

NEWEST = 2**31 - 1
CORNER_NAMES = (_("upper left"), _("upper right"), _("lower left"), _("lower right"))
EDGE_NAMES = (
    _("left edges"),
    _("right edges"),
    _("upper edges"),
    _("lower edges"),
    _("middles, one below the other"),
    _("middles, side by side"),
)
KEPT = [("", _("as it is")), ("yes", _("yes")), ("no", _("no"))]


class MetreField(forms.DecimalField):
    """A length: metres with one decimal for people, whole units of 10 cm inside."""

    def __init__(self, *, least: int = 0, **options: Any) -> None:
        super().__init__(
            min_value=Decimal(least) / 10, max_value=LONGEST // 10, decimal_places=1, **options
        )
        self.widget.attrs["step"] = "0.1"

    def clean(self, value: Any) -> Any:
        metres = super().clean(value)
        return None if metres is None else int(metres * 10)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / 10:g}" if isinstance(value, int) else value


class LineField(forms.CharField):
    """A text of one line without anything invisible."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


def _choices(values: tuple[str, ...], names: Any) -> list[tuple[str, Any]]:
    return list(zip(values, names, strict=True))


class BaseForm(forms.Form):
    """Which version was looked at."""

    base = forms.IntegerField(min_value=0, max_value=NEWEST, widget=forms.HiddenInput)


class _PlanForm(BaseForm):
    """A form about a plan that was read: its zones and the product groups can be chosen."""

    def __init__(self, data: Any = None, *, floor: Plan, **options: Any) -> None:
        super().__init__(data, **options)
        if "zone" in self.fields:
            zones = [(zone.code, f"{zone.code} – {zone.name_vi}") for zone in floor.zones]
            first = [] if self.fields["zone"].required else [("", _("as it is"))]
            self.fields["zone"].choices = first + zones  # type: ignore[attr-defined]
        for name in ("group", "groups"):
            if name in self.fields:
                offered = [(group.code, group.name) for group in groups_by_code().values()]
                empty = [("", _("any group"))] if name == "group" else []
                self.fields[name].choices = empty + offered  # type: ignore[attr-defined]


class _Offers(forms.Form):
    """What a booth offers."""

    power_kw = forms.DecimalField(
        label=_("Power (kW)"), min_value=0, max_value=Decimal("999.9"), decimal_places=1, initial=2
    )
    water = forms.BooleanField(label=_("Water"), required=False)
    cold = forms.BooleanField(label=_("Cold storage"), required=False)
    cooking = forms.BooleanField(label=_("Cooking allowed"), required=False)
    groups = forms.MultipleChoiceField(
        label=_("Product groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without a tick the booth takes any group."),
    )

    def offers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "power_kw": float(data["power_kw"]),
            **{name: data[name] for name in ("water", "cold", "cooking")},
            "groups": tuple(sorted(data["groups"])),
        }


class BoothForm(_Offers, _PlanForm):
    """All of one booth."""

    code = LineField(label=_("Code"), max_length=CODE_LENGTH)
    zone = forms.ChoiceField(label=_("Zone"))
    x = MetreField(label=_("From the left (m)"))
    y = MetreField(label=_("From the top (m)"))
    width = MetreField(label=_("Width (m)"), least=1, initial=30)
    height = MetreField(label=_("Depth (m)"), least=1, initial=30)

    field_order = ("base", "code", "zone", "x", "y", "width", "height")

    @staticmethod
    def initial_of(booth: Booth) -> dict[str, Any]:
        return asdict(booth)

    def booth(self) -> Booth:
        places = {name: self.cleaned_data[name] for name in ("x", "y", "width", "height")}
        words = {name: self.cleaned_data[name] for name in ("code", "zone")}
        return Booth(**places, **words, **self.offers())


class NumberingForm(forms.Form):
    """How booths are numbered."""

    letters = LineField(label=_("Letters before the number"), max_length=6, required=False)
    first = forms.IntegerField(label=_("First number"), min_value=0, max_value=99_999, initial=1)
    step = forms.TypedChoiceField(
        label=_("Numbers"),
        coerce=int,
        choices=[(1, _("1, 2, 3 …")), (2, _("every second: 1, 3, 5 … or 2, 4, 6 …"))],
    )
    digits = forms.IntegerField(
        label=_("Digits at least"),
        min_value=1,
        max_value=4,
        initial=1,
        help_text=_("2 writes 01, 02 …"),
    )
    corner = forms.ChoiceField(label=_("Counting begins"), choices=_choices(CORNERS, CORNER_NAMES))
    order = forms.ChoiceField(
        label=_("Then goes on"),
        choices=[
            ("rows", _("row by row")),
            ("rows_snake", _("row by row, to and fro")),
            ("columns", _("column by column")),
            ("columns_snake", _("column by column, to and fro")),
        ],
    )
    skipped = LineField(
        label=_("Leave out numbers that end on"),
        max_length=20,
        required=False,
        help_text=_("Separated by spaces, for example 4 13."),
    )

    def clean_skipped(self) -> tuple[str, ...]:
        endings = tuple(self.cleaned_data["skipped"].replace(",", " ").split())
        if not all(each.isascii() and each.isdigit() for each in endings):
            raise forms.ValidationError(_("Write digits, separated by spaces."))
        if {*"0123456789"} <= set(endings) or ("0" in endings and len(set(endings)) > 8):
            raise forms.ValidationError(_("No number would be left."))
        return endings

    def numbering(self) -> Numbering:
        data = self.cleaned_data
        return Numbering(
            prefix=data["letters"],
            **{name: data[name] for name in ("first", "step", "digits", "corner")},
            by_columns=data["order"].startswith("columns"),
            is_snake=data["order"].endswith("snake"),
            skipped=data["skipped"],
        )


class RowForm(NumberingForm, _Offers, _PlanForm):
    """A row of booths, or several."""

    zone = forms.ChoiceField(label=_("Zone"))
    columns = forms.IntegerField(
        label=_("Booths in a row"), min_value=1, max_value=MOST_BOOTHS, initial=10
    )
    rows = forms.IntegerField(label=_("Rows"), min_value=1, max_value=100, initial=1)
    x = MetreField(label=_("From the left (m)"), initial=20)
    y = MetreField(label=_("From the top (m)"), initial=20)
    width = MetreField(label=_("Width of a booth (m)"), least=1, initial=30)
    height = MetreField(label=_("Depth of a booth (m)"), least=1, initial=30)
    aisle_every = forms.IntegerField(
        label=_("An aisle after so many booths"), min_value=0, max_value=MOST_BOOTHS, initial=0
    )
    aisle = MetreField(label=_("Width of that aisle (m)"), initial=0)
    row_gap = MetreField(
        label=_("Between two rows (m)"), initial=0, help_text=_("0 puts them back to back.")
    )

    field_order = (
        *("base", "zone", "columns", "rows", "x", "y", "width", "height"),
        *("aisle_every", "aisle", "row_gap"),
        *("letters", "first", "step", "digits", "corner", "order", "skipped"),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("columns", 1) * data.get("rows", 1) > MOST_BOOTHS:
            self.add_error("columns", _("At most 2,000 booths can be drawn."))
        return data

    def spec(self) -> RowSpec:
        names = ("x", "y", "columns", "rows", "width", "height", "aisle_every", "aisle", "row_gap")
        return RowSpec(
            **{name: self.cleaned_data[name] for name in names},
            zone=self.cleaned_data["zone"],
            numbering=self.numbering(),
            **self.offers(),
        )


class ZoneForm(_PlanForm):
    """A zone."""

    code = LineField(label=_("Code"), max_length=ZONE_LENGTH)
    name_vi = LineField(label=_("Name in Vietnamese"), max_length=NAME_LENGTH)
    name_en = LineField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)
    group = forms.ChoiceField(label=_("Coloured as"), required=False)
    x = MetreField(label=_("From the left (m)"), initial=20)
    y = MetreField(label=_("From the top (m)"), initial=20)

    @staticmethod
    def initial_of(zone: Zone) -> dict[str, Any]:
        return asdict(zone)

    def zone(self) -> Zone:
        data = self.cleaned_data
        words = {name: data[name] for name in ("code", "name_vi", "x", "y")}
        return Zone(
            **words, name_en=data["name_en"] or data["name_vi"], group=data["group"] or None
        )


class FeatureForm(_PlanForm):
    """A stage, an entrance, a water point and the like."""

    kind = forms.ChoiceField(
        label=_("What it is"), choices=[(kind, FEATURE_NAMES[kind]) for kind in FEATURE_KINDS]
    )
    name_vi = LineField(label=_("Name in Vietnamese"), max_length=NAME_LENGTH, required=False)
    name_en = LineField(label=_("Name in English"), max_length=NAME_LENGTH, required=False)
    x = MetreField(label=_("From the left (m)"))
    y = MetreField(label=_("From the top (m)"))
    width = MetreField(label=_("Width (m)"), least=1, initial=60)
    height = MetreField(label=_("Depth (m)"), least=1, initial=30)

    @staticmethod
    def initial_of(feature: Feature) -> dict[str, Any]:
        return asdict(feature)

    def feature(self) -> Feature:
        return Feature(**{name: each for name, each in self.cleaned_data.items() if name != "base"})


class HallForm(_PlanForm):
    """The hall's size and, where it is no rectangle, its corners."""

    width = MetreField(label=_("Width of the drawing (m)"), least=1)
    height = MetreField(label=_("Depth of the drawing (m)"), least=1)
    outline = forms.CharField(
        label=_("Corners of the hall"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One corner in a line, metres from the left and from the top: 12.5 30. "
            "Empty for the whole rectangle."
        ),
    )

    @staticmethod
    def initial_of(floor: Plan) -> dict[str, Any]:
        lines = [f"{x / 10:g} {y / 10:g}" for x, y in floor.outline]
        return {"width": floor.width, "height": floor.height, "outline": "\n".join(lines)}

    def clean_outline(self) -> tuple[tuple[int, int], ...]:
        lines = self.cleaned_data["outline"].splitlines()
        return tuple(_corner(line) for line in lines if clean(line))

    def values(self) -> Mapping[str, Any]:
        return {name: self.cleaned_data[name] for name in ("width", "height", "outline")}


def _corner(line: str) -> tuple[int, int]:
    """Two lengths; a comma may stand in the place of the point."""
    try:
        x, y = (MetreField().clean(word.replace(",", ".")) for word in line.split())
    except (forms.ValidationError, ValueError) as error:
        raise forms.ValidationError(
            _("“%(line)s” is no corner: write two lengths in metres."),
            params={"line": clean(line)[:40]},
        ) from error
    return x, y


class BareForm(_PlanForm):
    """What is done to booths without a further word."""


class MoveForm(_PlanForm):
    """By how much booths are moved, or their copies lie away."""

    dx = forms.DecimalField(
        label=_("To the right (m)"), min_value=-1000, max_value=1000, decimal_places=1, initial=0
    )
    dy = forms.DecimalField(
        label=_("Down (m)"), min_value=-1000, max_value=1000, decimal_places=1, initial=0
    )

    def way(self) -> tuple[int, int]:
        return int(self.cleaned_data["dx"] * 10), int(self.cleaned_data["dy"] * 10)


class AlignForm(_PlanForm):
    """On which line booths are put."""

    edge = forms.ChoiceField(label=_("Line up by"), choices=_choices(EDGES, EDGE_NAMES))


class RenumberForm(NumberingForm, _PlanForm):
    """A new number for each chosen booth."""


class SetForm(_PlanForm):
    """What several booths offer from now on; what stays empty stays as it is."""

    zone = forms.ChoiceField(label=_("Zone"), required=False)
    power_kw = forms.DecimalField(
        label=_("Power (kW)"),
        min_value=0,
        max_value=Decimal("999.9"),
        decimal_places=1,
        required=False,
    )
    water = forms.ChoiceField(label=_("Water"), choices=KEPT, required=False)
    cold = forms.ChoiceField(label=_("Cold storage"), choices=KEPT, required=False)
    cooking = forms.ChoiceField(label=_("Cooking allowed"), choices=KEPT, required=False)
    change_groups = forms.BooleanField(label=_("Change the product groups too"), required=False)
    groups = forms.MultipleChoiceField(
        label=_("Product groups"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        values: dict[str, Any] = {
            name: data[name] == "yes" for name in ("water", "cold", "cooking") if data[name]
        }
        if data["zone"]:
            values["zone"] = data["zone"]
        if data["power_kw"] is not None:
            values["power_kw"] = float(data["power_kw"])
        if data["change_groups"]:
            values["groups"] = tuple(sorted(data["groups"]))
        return values


class PairForm(_PlanForm):
    """What two booths are to each other, whatever the drawing says."""

    first = LineField(label=_("Booth"), max_length=CODE_LENGTH)
    second = LineField(label=_("and booth"), max_length=CODE_LENGTH)
    kind = forms.ChoiceField(
        label=_("are"),
        choices=[
            ("derived", _("what the drawing says")),
            ("join", _("to be merged on request")),
            ("neighbour", _("neighbours only")),
            ("none", _("not neighbours")),
        ],
    )
