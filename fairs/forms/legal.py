"""What is filled in about the rules of a legal basis."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fairs.actions.legal import ItemContent, RuleContent
from fairs.forms.editing import LineField
from fairs.models import ChecklistItem, LegalRule

MOST_DAYS = 3650
LARGEST = 2**31 - 1


class DaysField(forms.IntegerField):
    """A number of days before the opening."""

    widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def __init__(self, **options: Any) -> None:
        super().__init__(
            min_value=0, max_value=MOST_DAYS, help_text=_("days before opening"), **options
        )


class _VersionedForm(forms.Form):
    """A form that knows which version of the rule it was opened on."""

    model: type[LegalRule | ChecklistItem]
    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=LARGEST, required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            if name != "version":
                field.label = capfirst(self.model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    @property
    def seen(self) -> int:
        """The version that the form was opened on; 0 if it does not say."""
        return self.cleaned_data["version"] or 0


class RuleForm(_VersionedForm):
    """What a legal basis asks for."""

    model = LegalRule
    source = LineField(max_length=300, required=False)
    needs_decision = forms.BooleanField(required=False)
    register_from_days = DaysField(required=False)
    register_until_days = DaysField(required=False)

    def clean(self) -> None:
        if self.errors:
            return
        earliest = self.cleaned_data["register_from_days"]
        latest = self.cleaned_data["register_until_days"]
        if (earliest is None) != (latest is None):
            empty = "register_from_days" if earliest is None else "register_until_days"
            self.add_error(empty, _("Fill in both days, or neither if nothing is registered."))
        elif earliest is not None and earliest < latest:
            self.add_error("register_from_days", _("The earliest day comes after the latest."))

    def content(self) -> RuleContent:
        return RuleContent(
            **{name: self.cleaned_data[name] for name in self.fields if name != "version"}
        )


class ItemForm(_VersionedForm):
    """A line of a checklist."""

    model = ChecklistItem
    title = LineField(max_length=200)
    title_en = LineField(max_length=200, required=False)
    due_days = DaysField()
    needs_document = forms.BooleanField(required=False)

    def content(self) -> ItemContent:
        return ItemContent(
            **{name: self.cleaned_data[name] for name in self.fields if name != "version"}
        )


def values_of(row: LegalRule | ChecklistItem, form: type[_VersionedForm]) -> dict[str, Any]:
    """What the row says, as the form takes it."""
    return {name: getattr(row, name) for name in form.base_fields if name != "version"}
