"""What a producer fills in in the evening."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.figures import FiguresForm, Said
from core.money import MoneyField
from core.vietnam import shown_date


class TakingsForm(FiguresForm):
    """What one stand took, one field a day."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        days: Iterable[date],
        stored: Mapping[date, int],
    ) -> None:
        fields = {
            day.isoformat(): MoneyField(
                label=_("Takings of %(day)s") % {"day": shown_date(day)}, required=False
            )
            for day in days
        }
        kept = {day.isoformat(): amount for day, amount in stored.items()}
        super().__init__(data, fields=fields, stored=kept)

    @property
    def takings(self) -> dict[date, Said[int]]:
        """The keyword of `actions.record_takings`."""
        return {date.fromisoformat(name): each for name, each in self.said.items()}
