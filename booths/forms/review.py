"""What reviewers fill in: decisions, points, tags, notes; and organisers: criteria, the formula."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booths.actions.judging import CriterionContent
from booths.actions.review import LONGEST_NOTE, LONGEST_TAG, Seen
from booths.models import Application, Criterion
from booths.models.review import DECISIONS, MOST_POINTS, MOST_WEIGHT
from booths.priority import MOST, STARS, Formula
from booths.rules import MOST_CRITERIA
from booths.states import ApplicationState
from core.text import clean, clean_lines, fold
from fairs.queries.notices import places_on_offer
from registry.models import ActorType

LONGEST_REASON = 300


class DecideForm(forms.Form):
    """A decision on several applications, with one reason for all and one for each."""

    to = forms.ChoiceField(
        choices=[(state, ApplicationState(state).label) for state in DECISIONS],
        widget=forms.HiddenInput,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for all"),
        max_length=LONGEST_REASON,
        required=False,
        help_text=gettext_lazy("The producers read this, unless you write one of their own."),
    )

    def __init__(self, data: QueryDict, *, applications: Sequence[Application]) -> None:
        super().__init__(data)
        self.codes = [each.code for each in applications]
        for code in self.codes:
            self.fields[_own(code)] = forms.CharField(
                label=_("Reason for this one"), max_length=LONGEST_REASON, required=False
            )

    def clean(self) -> None:
        for name, value in self.cleaned_data.items():
            if name.startswith("reason"):
                self.cleaned_data[name] = clean(value)

    def require_reasons(self) -> None:
        """A refusal says why: where neither reason does, the field is told so."""
        silent = [code for code in self.codes if not self.reasons[code]]
        if self.cleaned_data.get("to") != ApplicationState.REFUSED or not silent:
            return
        message = _("Say why the application is refused.")
        fields = ["reason"] if len(silent) == len(self.codes) else map(_own, silent)
        for name in fields:
            self.add_error(name, message)

    @property
    def reasons(self) -> dict[str, str]:
        """By code, each one's own reason or else the one for all."""
        common = self.cleaned_data.get("reason", "")
        return {code: self.cleaned_data.get(_own(code)) or common for code in self.codes}

    @property
    def seen(self) -> Seen:
        """What the page showed that this was sent from."""
        versions = {code: _whole(self.data.get(f"seen-{code}")) for code in self.codes}
        return Seen(versions=versions, seal=str(self.data.get("seal", "")))

    def own_field(self, code: str) -> forms.BoundField:
        return self[_own(code)]


def _own(code: str) -> str:
    return f"reason-{code}"


def _whole(text: Any) -> int:
    return int(text) if str(text).isdecimal() and len(str(text)) < 10 else 0


class ScoreForm(forms.Form):
    """Points for each criterion, in the order of `criteria`."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        criteria: Sequence[Criterion],
        given: Mapping[int, int],
    ) -> None:
        super().__init__(data)
        self.criteria = dict(enumerate(criteria, start=1))
        for number, each in self.criteria.items():
            self.fields[f"points-{number}"] = forms.IntegerField(
                label=each.shown_name,
                help_text=_("counts %(weight)s times") % {"weight": each.weight}
                if each.weight > 1
                else "",
                initial=given.get(each.pk),
                widget=forms.NumberInput(attrs={"min": 0, "max": MOST_POINTS}),
                min_value=0,
                max_value=MOST_POINTS,
                error_messages=_points_errors(),
            )

    @property
    def points(self) -> dict[int, int]:
        """By the key of the criterion."""
        return {
            each.pk: self.cleaned_data[f"points-{number}"] for number, each in self.criteria.items()
        }


def _points_errors() -> dict[str, str]:
    sentence = _("Points are whole numbers from 0 to 10.")
    return dict.fromkeys(("required", "invalid", "min_value", "max_value"), sentence)


class TagForm(forms.Form):
    """A word for an application."""

    word = forms.CharField(
        label=gettext_lazy("New tag"),
        max_length=LONGEST_TAG,
        widget=forms.TextInput(attrs={"list": "tags-in-use", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Write a word."),
            "max_length": gettext_lazy("A tag has 30 characters at most."),
        },
    )

    def clean_word(self) -> str:
        word = clean(self.cleaned_data["word"])
        if not fold(word):
            raise forms.ValidationError(_("Write a word."))
        return word


class NoteForm(forms.Form):
    """Something for the other reviewers."""

    text = forms.CharField(
        label=gettext_lazy("New note"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For reviewers only; the applicant never sees it."),
        error_messages={
            "required": gettext_lazy("Write the note first."),
            "max_length": gettext_lazy("A note has 1,000 characters at most."),
        },
    )

    def clean_text(self) -> str:
        text = clean_lines(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write the note first."))
        return text


class CriterionForm(forms.Form):
    """One criterion; a row without a name is none."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=120, required=False)
    weight = forms.IntegerField(
        label=gettext_lazy("Counts … times"),
        min_value=1,
        max_value=MOST_WEIGHT,
        initial=1,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("A weight is a whole number from 1 to 10."),
        ),
    )

    def clean_name(self) -> str:
        return clean(self.cleaned_data["name"])

    def clean_name_en(self) -> str:
        return clean(self.cleaned_data["name_en"])

    def clean(self) -> None:
        if self.cleaned_data.get("name_en") and not self.cleaned_data.get("name"):
            self.add_error("name", _("Give the Vietnamese name too."))

    @property
    def content(self) -> CriterionContent | None:
        """The criterion of a valid row, or None."""
        if not self.cleaned_data.get("name"):
            return None
        return CriterionContent(
            name=self.cleaned_data["name"],
            name_en=self.cleaned_data["name_en"],
            weight=self.cleaned_data.get("weight") or 1,
        )


class BaseCriteria(forms.BaseFormSet):
    """The criteria in their order, none of them twice."""

    def clean(self) -> None:
        names: set[str] = set()
        for form in self.forms:
            name = fold(form.cleaned_data.get("name", "")) if form.is_valid() else ""
            if name in names:
                form.add_error("name", _("Another criterion has this name."))
            names |= {name} - {""}

    @property
    def contents(self) -> list[CriterionContent]:
        """Those of a valid form."""
        return [form.content for form in self.forms if form.content]


CriteriaForm: type[BaseCriteria] = forms.formset_factory(  # type: ignore[assignment]
    CriterionForm,
    formset=BaseCriteria,
    extra=MOST_CRITERIA,
    max_num=MOST_CRITERIA,
    absolute_max=MOST_CRITERIA,
)


class FormulaForm(forms.Form):
    """What each fact about an applicant is worth, in points."""

    def __init__(self, data: QueryDict | None = None, *, formula: Formula) -> None:
        super().__init__(data)
        self.formula_before = formula
        self.offers = places_on_offer()
        for stars in reversed(STARS):
            label = _("Best product of %(stars)s stars") % {"stars": stars}
            self._ask(f"stars_{stars}", label, formula.stars.get(stars, 0))
        for kind, said in ActorType.choices:
            self._ask(_name_of(kind), str(said), formula.kinds.get(kind, 0))
        self._ask("first_time", _("Has never held a booth at our fairs"), formula.first_time)
        self._ask("lost_out", _("Stayed on the waiting list last time"), formula.lost_out)
        self._ask("score", _("Reviewers' points, 10 of 10 for the most"), formula.score)
        self._ask("place", _("From one of the places below"), formula.place)
        offered = {each.code for offer in self.offers for each in (offer, *offer.parts)}
        self.fields["places"] = forms.MultipleChoiceField(
            label=_("Places"),
            required=False,
            choices=[(code, code) for code in sorted(offered | formula.places)],
            initial=sorted(formula.places),
        )

    def _ask(self, name: str, label: str, points: int) -> None:
        sentence = _("Points are whole numbers from 0 to 100.")
        self.fields[name] = forms.IntegerField(
            label=label,
            min_value=0,
            max_value=MOST,
            initial=points,
            widget=forms.NumberInput(attrs={"min": 0, "max": MOST}),
            error_messages=dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), sentence
            ),
        )

    def clean(self) -> None:
        is_missing = not self.cleaned_data.get("places") and "places" not in self.errors
        if self.cleaned_data.get("place") and is_missing:
            self.add_error("places", _("Choose the places that get these points."))

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of points under their headings."""
        return [
            (_("Stars"), [self[f"stars_{stars}"] for stars in reversed(STARS)]),
            (_("Kind of organisation"), [self[_name_of(kind)] for kind in ActorType.values]),
            (_("Past fairs"), [self["first_time"], self["lost_out"]]),
            (_("Reviewers"), [self["score"]]),
        ]

    @property
    def ticked(self) -> list[str]:
        """The places that are chosen."""
        return self["places"].value() or []

    @property
    def opened(self) -> list[str]:
        """The provinces with a ticked place in them, which is not to be out of sight."""
        ticked = set(self.ticked)
        return [each.code for each in self.offers if {part.code for part in each.parts} & ticked]

    @property
    def formula(self) -> Formula:
        """What a valid form says; places without points are left out."""
        data = self.cleaned_data
        return Formula(
            stars={stars: data[f"stars_{stars}"] for stars in STARS},
            kinds={kind: data[_name_of(kind)] for kind in ActorType.values},
            first_time=data["first_time"],
            lost_out=data["lost_out"],
            place=data["place"],
            places=frozenset(data["places"]),
            score=data["score"],
        )


def _name_of(kind: str) -> str:
    return "kind_" + kind.replace(" ", "_")
