"""What an organiser fills in about a notice: whom it is for, and what it says."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.text import clean, clean_lines
from fairs.actions.notices import NoticeContent
from fairs.models import Fair
from fairs.queries.notices import (
    Audience,
    Offer,
    Who,
    groups_on_offer,
    next_number,
    past_fairs_on_offer,
    places_on_offer,
)
from fairs.rendering.notice import draft_of

LARGEST = 2**31 - 1


class NoticeForm(forms.Form):
    """Whom a notice is for and what it says; `number` is what it will be called."""

    number = forms.IntegerField(min_value=1, max_value=LARGEST, widget=forms.HiddenInput)
    who = forms.ChoiceField(
        label=pgettext_lazy("notice", "For"), choices=Who.choices, widget=forms.RadioSelect
    )
    groups = forms.MultipleChoiceField(label=_("Product groups"), required=False)
    places = forms.MultipleChoiceField(label=_("Places"), required=False)
    past_fairs = forms.MultipleChoiceField(label=_("Took part in"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("In Vietnamese. The greeting and the way to unsubscribe are added to it."),
    )

    def __init__(self, data: QueryDict | None = None, *, fair: Fair) -> None:
        subject, body = draft_of(fair)
        initial = {"who": Who.ANY, "subject": subject, "body": body, "number": next_number(fair)}
        super().__init__(data, initial=initial)
        self.offers: dict[str, list[Offer]] = {
            "groups": groups_on_offer(),
            "places": places_on_offer(),
            "past_fairs": past_fairs_on_offer(fair),
        }
        fields: dict[str, Any] = self.fields
        for name, offers in self.offers.items():
            parts = [part for offer in offers for part in offer.parts]
            fields[name].choices = [(offer.code, offer.name) for offer in [*offers, *parts]]

    def clean_subject(self) -> str:
        return _required(clean(self.cleaned_data["subject"]))

    def clean_body(self) -> str:
        return _required(clean_lines(self.cleaned_data["body"]))

    def clean(self) -> None:
        if not self.audience.is_chosen and not {*self.offers, "who"} & self.errors.keys():
            message = _("Choose a product group, a place or a past fair, or every producer.")
            self.add_error("who", message)

    @property
    def audience(self) -> Audience:
        """Whom a checked form chooses; nobody where it says nothing that can be read."""
        chosen = {name: tuple(self.cleaned_data.get(name, ())) for name in self.offers}
        return Audience(who=self.cleaned_data.get("who", Who.ANY), **chosen)

    @property
    def content(self) -> NoticeContent:
        """What a valid form says."""
        return NoticeContent(
            subject=self.cleaned_data["subject"],
            body=self.cleaned_data["body"],
            audience=self.audience,
        )

    @property
    def ticked(self) -> dict[str, list[str]]:
        """What is chosen of each list, also where it is not on offer."""
        return {name: self[name].value() or [] for name in self.offers}

    @property
    def opened(self) -> list[str]:
        """The provinces with a ticked place in them, which is not to be out of sight."""
        ticked = self.ticked["places"]
        provinces = self.offers["places"]
        return [each.code for each in provinces if {part.code for part in each.parts} & {*ticked}]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """All answers, for a page that carries them along unseen."""
        data: Any = self.data
        return [(name, value) for name in self.fields for value in data.getlist(name)]


def _required(text: str) -> str:
    if not text:
        raise forms.ValidationError(forms.Field.default_error_messages["required"])
    return text
