"""What hangs on a fair's opening, and moves along when the fair is held on other days.

Registration, the checklist's dates and the reminders are counted back from the opening, so they
move by themselves; the programme and what guest provinces are asked for by are days of their own.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fairs.models import Fair, Pavilion, Session
from fairs.states import FairState


@dataclass(frozen=True)
class Along:
    """How many sessions move by as many days as the fair does, and which deadlines to when.

    `pavilions` are those of guest provinces whose deadlines move, with the new ones; `held_back`
    counts the deadlines that could not move as far, since that day has passed.
    """

    sessions: int
    pavilions: tuple[tuple[Pavilion, datetime], ...]
    held_back: int

    @property
    def sentences(self) -> list[str]:
        """What moves and what does not, to be read before the move and after it."""
        said = []
        if self.sessions:
            text = ngettext(
                "%(number)s session of the programme moves along.",
                "%(number)s sessions of the programme move along.",
                self.sessions,
            )
            said.append(text % {"number": self.sessions})
        said += [
            _("%(province)s sends in its booths by %(moment)s.")
            % {"province": pavilion, "moment": _shown(until)}
            for pavilion, until in self.pavilions
        ]
        if self.held_back:
            text = ngettext(
                "The deadline of %(number)s guest province could not move as far: that day has "
                "passed.",
                "The deadlines of %(number)s guest provinces could not move as far: that day has "
                "passed.",
                self.held_back,
            )
            said.append(text % {"number": self.held_back})
        return said


def _shown(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "H:i d/m/Y")


def along_with(fair: Fair, first_day: date, now: datetime) -> Along:
    """What moves along if the fair opens on `first_day`. Two queries, none for the same day.

    A province's deadline moves by as many days as the fair. Where that moment has passed at
    `now`, it stays, yet ends with the day before the opening, or with today if that comes later.
    """
    delta = first_day - fair.first_day
    if not delta:
        return Along(0, (), 0)
    eve = max(first_day - timedelta(days=1), timezone.localtime(now).date())
    latest = timezone.make_aware(datetime.combine(eve, time(23, 59)))
    pavilions, held_back = [], 0
    for pavilion in Pavilion.objects.filter(fair=fair).select_related("place"):
        old = pavilion.fill_in_until
        new = old + delta
        if new <= now:
            new = min(old, latest)
            held_back += old > now
        if new != old:
            pavilions.append((pavilion, new))
    return Along(Session.objects.filter(fair=fair).count(), tuple(pavilions), held_back)


def closing_after(fair: Fair, first_day: date, now: datetime) -> datetime | None:
    """When applications close if the fair opens on `first_day` and nobody says otherwise.

    A draft's closing moves along unless that moment has passed; an announced one stays.
    """
    closes = fair.applications_close_at
    if closes is None or fair.state != FairState.DRAFT:
        return closes
    moved = closes + (first_day - fair.first_day)
    return moved if moved > now else closes


def say_closing(fair: Fair, closes: datetime | None) -> list[str]:
    """That applications close then, in a sentence; none where they never close."""
    if closes is None:
        return []
    text = _("Applications now close at %(moment)s.")
    if closes == fair.applications_close_at:
        text = _("Applications still close at %(moment)s.")
    return [text % {"moment": _shown(closes)}]
