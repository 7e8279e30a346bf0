"""What is filled in to tell another program."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.rules import has_office_role, has_role
from fairs.models import Fair
from fairs.queries import fairs_of


class WebhookForm(forms.Form):
    """An address, and of which fair it is told."""

    url = forms.CharField(
        label=_("Address"),
        max_length=300,
        help_text=_("Begins with https://"),
        widget=forms.URLInput,
    )
    fair = forms.ModelChoiceField(
        Fair.objects.none(),
        to_field_name="code",
        label=_("Of which fair it is told"),
        required=False,
        empty_label=_("All fairs"),
    )

    def __init__(self, data: Any = None, *, actor: Any) -> None:
        super().__init__(data)
        codes = [
            fair.code for fair in fairs_of(actor) if has_role(actor, [Role.ORGANISER], fair.code)
        ]
        field: forms.ModelChoiceField = self.fields["fair"]  # type: ignore[assignment]
        field.queryset = Fair.objects.filter(code__in=codes)
        if not has_office_role(actor, [Role.ORGANISER]):
            field.required, field.empty_label = True, None
