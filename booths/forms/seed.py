"""What is typed in when a seed is drawn on stage."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

FEWEST, MOST = 3, 100
LONGEST = 9  # digits of one number
BETWEEN = re.compile(r"[\s,;]+")


class NumbersForm(forms.Form):
    """The numbers that those present called out, in their order."""

    numbers = forms.CharField(
        label=_("Numbers, in the order they are called out"),
        max_length=1_200,
        widget=forms.Textarea(attrs={"rows": 3, "inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("From dice or from those present; a space, a comma or a line between two."),
    )

    def clean_numbers(self) -> list[int]:
        words = [word for word in BETWEEN.split(self.cleaned_data["numbers"]) if word]
        for word in words:
            if not (word.isascii() and word.isdigit() and len(word) <= LONGEST):
                raise ValidationError(
                    _("“%(word)s” is not a whole number of at most nine digits."),
                    params={"word": word[:40]},
                )
        if not FEWEST <= len(words) <= MOST:
            raise ValidationError(
                _("Type in %(fewest)d to %(most)d numbers; these are %(count)d."),
                params={"fewest": FEWEST, "most": MOST, "count": len(words)},
            )
        return [int(word) for word in words]
