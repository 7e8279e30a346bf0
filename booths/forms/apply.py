"""What somebody fills in who applies for booths, one form a step."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from booths.actions.apply import Needs
from booths.models import Application
from booths.queries.apply import Offered, Wishes
from booths.rendering import wishes_in_words
from booths.rules import MOST_BOOTHS, MOST_WISHES
from core.text import clean

POWER = re.compile(r"(\d{1,3})(?:[.,](\d))?(?: ?kw)?", re.IGNORECASE)


class StepForm(forms.Form):
    """A step, sent with the version of the application that was read."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self) -> int:
        return self.cleaned_data.get("version") or 0


class ProductsForm(StepForm):
    """Which products are brought; the choices stand in the page with their certificates."""

    products = forms.MultipleChoiceField(
        label=_("Products"),
        error_messages={
            "required": _("Choose at least one product."),
            "invalid_choice": _("One of these products is not yours. Choose from the list."),
        },
    )

    def __init__(self, *args: Any, offered: list[Offered], **manners: Any) -> None:
        super().__init__(*args, **manners)
        field = self.fields["products"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each.product.code, str(each.product)) for each in offered]


class PowerField(forms.CharField):
    """Kilowatts with at most one decimal, after a comma or a point."""

    def clean(self, value: Any) -> Any:
        text = clean(super().clean(value)) or "0"
        found = POWER.fullmatch(text)
        if found is None:
            raise forms.ValidationError(
                gettext("Write the power as a number of kW from 0 to 100, such as 2 or 2,5.")
            )
        return Decimal(f"{found[1]}.{found[2] or 0}")


class NeedsForm(StepForm):
    """How many booths, and what they need."""

    booths_wanted = forms.IntegerField(
        label=_("Booths"),
        min_value=1,
        max_value=MOST_BOOTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("1 to 6; a booth is usually 3 × 3 m. Several are side by side."),
        error_messages={
            name: _("Ask for 1 to 6 booths.")
            for name in ("required", "invalid", "min_value", "max_value")
        },
    )
    power_kw = PowerField(
        label=_("Power in kW, all machines together"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("A rice cooker needs about 1, a freezer 0,5, lamps 0,2. 0 if nothing."),
    )
    water = forms.BooleanField(label=_("Running water"), required=False)
    cold = forms.BooleanField(label=_("Cold storage"), required=False)
    cooking = forms.BooleanField(label=_("We cook or fry at the booth"), required=False)

    @property
    def needs(self) -> Needs:
        """The keyword of `actions.apply.state_needs`."""
        names = ("booths_wanted", "power_kw", "water", "cold", "cooking")
        return Needs(**{name: self.cleaned_data[name] for name in names})


class WishesForm(StepForm):
    """Up to three wishes, best first; `add` is the booth that was tapped on the plan."""

    def __init__(self, *args: Any, known: Wishes, kept: Wishes, **manners: Any) -> None:
        super().__init__(*args, **manners)
        wishes = known + [wish for wish in kept if wish not in known]
        offered = [("", _("no wish"))] + [
            (_value(wish), capfirst(words))
            for wish, words in zip(wishes, wishes_in_words(wishes), strict=True)
        ]
        labels = (_("First wish"), _("Second wish"), _("Third wish"))
        for number, label in enumerate(labels, 1):
            self.fields[f"wish_{number}"] = forms.ChoiceField(
                label=label,
                choices=offered,
                required=False,
                error_messages={"invalid_choice": _("There is no such place on the floor plan.")},
            )

    @property
    def wishes(self) -> Wishes:
        """The keyword of `actions.apply.choose_wishes`."""
        said = [self.cleaned_data[f"wish_{number}"] for number in range(1, MOST_WISHES + 1)]
        added = clean(self.data.get("add", ""))[:20]
        return [wish.split(":", 1) for wish in [*said, added] if wish and ":" in wish]


def _value(wish: list[str]) -> str:
    return ":".join(wish)


class ConsentForm(StepForm):
    """The consent, never ticked beforehand; of one on paper, whose it is and since when."""

    on_paper: Any  # what an officer ticks instead

    consent = forms.BooleanField(
        label=_("I agree"),
        required=True,
        error_messages={"required": _("Without your consent it cannot be sent.")},
    )
    note = forms.CharField(
        label=_("Who signed the consent on paper, and when"),
        max_length=200,
        error_messages={"required": _("Say who signed the consent on paper, and when.")},
    )

    def __init__(self, *args: Any, is_own: bool, **manners: Any) -> None:
        super().__init__(*args, **manners)
        if is_own:
            del self.fields["note"]
        else:
            self.fields["consent"].label = self.on_paper

    def clean_note(self) -> str:
        return clean(self.cleaned_data["note"])


class SendForm(ConsentForm):
    """The last step: the application is sent."""

    on_paper = _("The producer agreed on paper, which I have seen")


def stored_values(application: Application) -> Mapping[str, Any]:
    """What the forms begin with."""
    return {
        "version": application.version,
        "products": [product.code for product in application.products.all()],
        "booths_wanted": application.booths_wanted,
        "power_kw": f"{application.power_kw.normalize():f}".replace(".", ","),
        "water": application.water,
        "cold": application.cold,
        "cooking": application.cooking,
        **{f"wish_{number}": _value(wish) for number, wish in enumerate(application.wishes, 1)},
    }
