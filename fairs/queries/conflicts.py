"""What of a plan cannot be held as it stands: typed facts in words, each with a way out."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.vietnam import shown_date
from fairs.models import Fair, Session, Team
from fairs.queries.spans import Span

DAY = timedelta(days=1)
# How many producers a fact names.
NAMES = 3


def open_span(fair: Fair) -> Span:
    """The days on which the fair is open."""
    return Span(fair.first_day, fair.end)


def occupied_span(fair: Fair) -> Span:
    """The days on which the fair needs its place: with those to move in and out of its hall."""
    if fair.hall is None:
        return open_span(fair)
    return Span(
        fair.first_day - fair.hall.move_in_days * DAY, fair.end + fair.hall.move_out_days * DAY
    )


@dataclass(frozen=True)
class Proposal:
    """To hold the fair on these days instead."""

    fair: Fair
    span: Span


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """One or two fairs that cannot be held as planned, the days it is about, a way out."""

    label: ClassVar[str | Promise]

    fairs: tuple[Fair, ...]
    span: Span
    proposal: Proposal | None = None

    @property
    def where(self) -> str:
        """What is wanted twice, or else which fair it is."""
        return self.fairs[0].short_title

    @property
    def sentence(self) -> str:
        raise NotImplementedError

    def concerns(self, keys: set[int]) -> bool:
        """Whether one of the fairs with these primary keys is in it."""
        return any(fair.pk in keys for fair in self.fairs)


@dataclass(frozen=True, kw_only=True)
class SameHall(Conflict):
    """Two fairs in one hall, the days to move in and out counted."""

    label = gettext_lazy("Same place")

    @property
    def where(self) -> str:
        halls = {fair.hall for fair in self.fairs if fair.hall}
        return ", ".join([str(self.fairs[0].venue.short_name), *map(str, halls)])  # type: ignore[union-attr]

    @property
    def sentence(self) -> str:
        first, second = self.fairs
        names = {"first": first.short_title, "second": second.short_title}
        if open_span(first).meets(open_span(second)):
            return _("%(first)s and %(second)s take the same place.") % names
        return _("%(first)s is still there when %(second)s moves in.") % names


@dataclass(frozen=True, kw_only=True)
class SameTeam(Conflict):
    """Two fairs of one organising team."""

    label = gettext_lazy("Same team")
    team: Team

    @property
    def where(self) -> str:
        return self.team.name

    @property
    def sentence(self) -> str:
        first, second = self.fairs
        return _("%(first)s and %(second)s are run by the same team.") % {
            "first": first.short_title,
            "second": second.short_title,
        }


@dataclass(frozen=True, kw_only=True)
class SameCrew(Conflict):
    """One performance crew on the stages of two fairs at a time."""

    label = gettext_lazy("Same crew")
    sessions: tuple[Session, Session]

    @property
    def where(self) -> str:
        return str(self.sessions[0].crew)

    @property
    def sentence(self) -> str:
        first, second = self.sessions
        return _(
            "The crew is to perform “%(session)s” at %(first)s and “%(other)s” at %(second)s."
        ) % {
            "session": first,
            "first": self.fairs[0].short_title,
            "other": second,
            "second": self.fairs[1].short_title,
        }


@dataclass(frozen=True, kw_only=True)
class SigningAgainstPerformance(Conflict):
    """A signing ceremony and a performance of one fair at a time."""

    label = gettext_lazy("Signing disturbed")
    sessions: tuple[Session, Session]

    @property
    def sentence(self) -> str:
        first, second = self.sessions
        return _("“%(first)s” (%(stage)s) and “%(second)s” (%(other)s) are at the same time.") % {
            "first": first,
            "stage": first.stage,
            "second": second,
            "other": second.stage,
        }


@dataclass(frozen=True, kw_only=True)
class ProducerTwice(Conflict):
    """Producers accepted at two fairs that overlap; `producers` are their names."""

    label = gettext_lazy("Producer twice")
    producers: tuple[str, ...]

    @property
    def where(self) -> str:
        shown = list(self.producers[:NAMES])
        return ", ".join(shown) + (" …" if len(self.producers) > NAMES else "")

    @property
    def sentence(self) -> str:
        first, second = self.fairs
        return ngettext(
            "%(count)s producer is accepted at both %(first)s and %(second)s.",
            "%(count)s producers are accepted at both %(first)s and %(second)s.",
            len(self.producers),
        ) % {
            "count": len(self.producers),
            "first": first.short_title,
            "second": second.short_title,
        }


@dataclass(frozen=True, kw_only=True)
class OverTet(Conflict):
    """A fair that is open between the eve and the third day of Tết."""

    label = gettext_lazy("Over Tết")

    @property
    def sentence(self) -> str:
        return _("The fair is open over Tết.")


@dataclass(frozen=True, kw_only=True)
class DeadlineMissed(Conflict):
    """A deadline that can no longer be met on these days."""

    label = gettext_lazy("Deadline missed")


@dataclass(frozen=True, kw_only=True)
class RegistrationMissed(DeadlineMissed):
    """A fair that opens too soon to be registered in time, `days` before it opens."""

    days: int

    @property
    def sentence(self) -> str:
        return _(
            "It has no decision yet, and registration had to be in %(days)s days before it opens."
        ) % {"days": self.days}


@dataclass(frozen=True, kw_only=True)
class ApplicationsCloseLate(DeadlineMissed):
    """A fair that opens while applications still come in."""

    closing: date

    @property
    def sentence(self) -> str:
        return _("Applications close on %(day)s, when the fair is already open.") % {
            "day": shown_date(self.closing)
        }
