"""Who may see and change fairs, and when a fair may move on."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import DESK, Role
from accounts.rules import has_office_role, has_role
from core.errors import DomainError
from core.vietnam import shown_date
from fairs.models import Fair, FairKind, LegalRule, Measure
from fairs.states import MOVABLE, FairState


def can_see_fair(actor: Any, fair: Fair) -> bool:
    """Those with a role at the fair, or office-wide."""
    return has_role(actor, DESK, fair.code)


def can_organise(actor: Any, fair: Fair) -> bool:
    """Change the fair: allocate, publish, print, draw up memoranda."""
    return has_role(actor, [Role.ORGANISER], fair.code)


def can_plan(actor: Any) -> bool:
    """Change the annual plan: organisers of the whole office."""
    return has_office_role(actor, [Role.ORGANISER])


# How long a fair lasts at most.
MOST_DAYS = 366
# For whoever pressed "send" in the last minute and has a slow phone. Every deadline has the same.
GRACE = timedelta(seconds=60)


def is_in_time(moment: datetime, deadline: datetime) -> bool:
    """Whether what reaches the server at `moment` is in time, the minute of grace included."""
    return moment <= deadline + GRACE


# What papers and visitors rely on once a fair has begun, and why it stays.
FIXED = {
    "first_day": _("This fair has begun or is over: its days stay as they are."),
    "last_day": _("This fair has begun or is over: its days stay as they are."),
    "register_code": _("This fair has begun: its memoranda carry this code, so it stays."),
}


def check_change(fair: Fair, fields: set[str]) -> None:
    """Raise DomainError `fair.fixed` with the fact `field` if one of `fields` must stay."""
    if fair.state in MOVABLE:
        return
    for field, message in FIXED.items():
        if field in fields:
            raise DomainError("fair.fixed", message, field=field)


def registration_days(fair: Fair, rule: LegalRule | None) -> tuple[date | None, date] | None:
    """The first and the last day on which the fair can be registered.

    None if its basis asks for no registration; Decree 81/2018/NĐ-CP, article 29, gives 365 and
    30 days before the opening.
    """
    if rule is None or rule.register_until_days is None:
        return None
    earliest, latest = (
        None if days is None else fair.first_day - timedelta(days=days)
        for days in (rule.register_from_days, rule.register_until_days)
    )
    assert latest
    return earliest, latest


def must_register(fair: Fair, rule: LegalRule | None) -> date | None:
    """The last day to register a fair that is not registered yet; None if nothing is asked.

    The confirmation's number is entered as the fair's decision.
    """
    span = registration_days(fair, rule)
    return span[1] if span and not fair.decision_number else None


Guard = Callable[[Fair, LegalRule | None, date], DomainError | None]


def _refuse_over(fair: Fair, _rule: LegalRule | None, today: date) -> DomainError | None:
    if fair.end >= today:
        return None
    return DomainError(
        "fair.over",
        _("This fair's last day, %(day)s, has passed. Choose other days first."),
        day=shown_date(fair.end),
    )


def _refuse_undecided(fair: Fair, rule: LegalRule | None, _today: date) -> DomainError | None:
    if fair.decision_number or rule is None or not rule.needs_decision:
        return None
    return DomainError(
        "fair.decision_missing",
        _("A fair with the legal basis “%(basis)s” is announced by a decision: enter its number."),
        basis=rule,
    )


def _refuse_too_late(fair: Fair, rule: LegalRule | None, today: date) -> DomainError | None:
    latest = must_register(fair, rule)
    if latest is None or latest >= today:
        return None
    return DomainError(
        "fair.registration_missed",
        _(
            "The registration had to be in by %(day)s. Enter the confirmation's number as the "
            "fair's decision, or choose later days."
        ),
        day=shown_date(latest),
    )


def _refuse_unregistered(fair: Fair, rule: LegalRule | None, _today: date) -> DomainError | None:
    if must_register(fair, rule) is None:
        return None
    return DomainError(
        "fair.not_registered",
        _(
            "This fair is not registered. Enter the confirmation's number as the fair's decision "
            "before it opens."
        ),
    )


def _refuse_early(fair: Fair, _rule: LegalRule | None, today: date) -> DomainError | None:
    if fair.first_day <= today:
        return None
    return DomainError(
        "fair.early",
        _("This fair opens on %(day)s; before that day it is not running."),
        day=shown_date(fair.first_day),
    )


# What must hold before a fair enters a state; the table of moves says from where it may come.
GUARDS: Mapping[str, tuple[Guard, ...]] = {
    FairState.ANNOUNCED: (_refuse_over, _refuse_undecided),
    FairState.REGISTERING: (_refuse_too_late,),
    FairState.ALLOCATING: (),
    FairState.PUBLISHED: (),
    FairState.RUNNING: (_refuse_early, _refuse_unregistered),
    FairState.CLOSED: (),
    FairState.REPORTED: (),
    FairState.CANCELLED: (),
}


def check_move(fair: Fair, to: str, rule: LegalRule | None, today: date) -> None:
    """Raise DomainError if the law, or the calendar, keeps the fair from the state `to`.

    `rule` is that of the fair's legal basis. Codes: `fair.over`, `fair.decision_missing`,
    `fair.registration_missed`, `fair.early`, `fair.not_registered`.
    """
    for guard in GUARDS[to]:
        error = guard(fair, rule, today)
        if error:
            raise error


def warnings_of_move(
    fair: Fair, to: str, rule: LegalRule | None, today: date, *, missing: int
) -> list[str]:
    """What should be known before the fair is moved, in sentences; nothing of it forbids the move.

    `missing` is how many lines of its checklist are open.
    """
    warnings = []
    latest = must_register(fair, rule)
    if latest and to in (FairState.ANNOUNCED, FairState.REGISTERING):
        text = _("This fair is not registered yet: the registration must be in by %(day)s.")
        if latest < today:
            text = _("This fair is not registered, and the registration had to be in by %(day)s.")
        warnings.append(text % {"day": shown_date(latest)})
    closes = fair.applications_close_at and timezone.localtime(fair.applications_close_at).date()
    if closes and to == FairState.REGISTERING and closes < today:
        text = _("Applications closed on %(day)s: until another day is entered, nobody can apply.")
        warnings.append(text % {"day": shown_date(closes)})
    if closes and to == FairState.ALLOCATING and closes > today:
        text = _("Applications are taken until %(day)s.")
        warnings.append(text % {"day": shown_date(closes)})
    if missing and to == FairState.RUNNING:
        text = ngettext_lazy(
            "%(count)s paper of the checklist is missing.",
            "%(count)s papers of the checklist are missing.",
            "count",
        )
        warnings.append(text % {"count": missing})
    if to == FairState.CLOSED and fair.end > today:
        text = _("This fair is to be open until %(day)s.")
        warnings.append(text % {"day": shown_date(fair.end)})
    return [str(warning) for warning in warnings]


def check_announceable(fair: Fair) -> None:
    """Raise DomainError `fair.draft` or `fair.over` where producers are not to be written to.

    A cancelled fair may be told of: whoever meant to come has to know.
    """
    if fair.state == FairState.DRAFT:
        raise DomainError(
            "fair.draft",
            _("This fair is a draft, which nobody outside knows of. Announce it first."),
        )
    if fair.state in (FairState.CLOSED, FairState.REPORTED):
        raise DomainError("fair.over", _("This fair is over: there is nothing to announce."))


def check_targets(targets: Mapping[str, int]) -> None:
    """Raise DomainError `targets.kinds` if the kinds ask for more fairs than there are to be.

    The names are those of `Target.name`.
    """
    total = targets.get(Measure.FAIRS)
    of_kinds = sum(targets.get(f"{Measure.FAIRS}-{kind}", 0) for kind in FairKind)
    if total is not None and of_kinds > total:
        raise DomainError(
            "targets.kinds",
            _("The kinds together ask for %(of_kinds)s fairs, but the plan for %(total)s."),
            of_kinds=of_kinds,
            total=total,
        )


def days_so_far(fair: Fair, today: date) -> list[date]:
    """The days on which the fair has been open, today included."""
    length = (min(fair.end, today) - fair.first_day).days + 1
    return [fair.first_day + timedelta(days=number) for number in range(length)]


def are_figures_final(fair: Fair) -> bool:
    """Whether the report stands on them, or there was no fair."""
    return fair.state in (FairState.REPORTED, FairState.CANCELLED)


def check_figures(fair: Fair, days: Collection[date], today: date) -> None:
    """Raise DomainError unless what `days` brought may be written down now.

    `figures.final` of a fair that is reported or cancelled, `figures.day` for a day that is not
    one of the fair's or lies ahead.
    """
    if are_figures_final(fair):
        raise DomainError(
            "figures.final",
            _("This fair is reported or cancelled: its figures stay as they are."),
        )
    known = days_so_far(fair, today)
    for day in sorted(days):
        if day not in known:
            raise DomainError(
                "figures.day",
                _("%(day)s is not a day of this fair, or has not come yet."),
                day=shown_date(day),
            )
