"""What a distributor writes at a producer's booth."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from mou.actions import Line
from mou.forms.drawing import line_forms, lines_of
from registry.models import Organisation, Product


class AskForm:
    """For whom, and how much of what the booth shows."""

    def __init__(
        self, data: Any = None, *, products: Sequence[Product], distributors: Sequence[Organisation]
    ) -> None:
        self.distributors = list(distributors)
        self.line_forms = line_forms(products, data)
        self.mistakes: list[str] = []
        self.chosen = data.get("distributor", "") if data else ""
        if len(distributors) == 1 or not data:
            self.chosen = self.chosen or distributors[0].code

    def is_valid(self) -> bool:
        """Whether the distributor is one of theirs, and something is wanted."""
        right = [form.is_valid() for form in self.line_forms]
        if self.chosen not in {each.code for each in self.distributors}:
            self.mistakes.append(_("Choose for whom you ask."))
        if all(right) and not self.lines:
            self.mistakes.append(_("Write how much of at least one product you want."))
        return all(right) and not self.mistakes

    @property
    def has_errors(self) -> bool:
        return bool(self.mistakes or any(form.errors for form in self.line_forms))

    @property
    def distributor(self) -> Organisation:
        return next(each for each in self.distributors if each.code == self.chosen)

    @property
    def lines(self) -> list[Line]:
        return lines_of(self.line_forms)
