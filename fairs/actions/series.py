"""Writes: fairs that belong together, by a rule or chosen one by one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from core.text import slug
from core.vietnam import shown_date
from fairs.actions.editing import Values, require_planner, write_fair
from fairs.actions.fairs import move_fair, write_move
from fairs.actions.plans import copied_values
from fairs.models import Attendance, Fair, FairKind, LegalBasis, Plan, Series
from fairs.queries.editing import (
    DEFAULTS,
    EDITED,
    codes_in_use,
    default_last_day,
    take_code,
)
from fairs.queries.series import (
    DayStatus,
    attached_to,
    compare_days,
    days_of_series,
    exceptions_of,
)
from fairs.recurrence import days_of_rule
from fairs.states import FAIR, FairState

# The name of a page, so no series can be called so.
RESERVED = {"new"}
ENDS_IN_DAY = re.compile(r"\s*\d\d/\d\d/\d{4}$")
ENDS_IN_NUMBER = re.compile(r"(?:\d{6})?(?:-\d+)?$")


@dataclass(frozen=True, kw_only=True)
class SeriesContent:
    """What is said of a series; `rule` is empty where the days are chosen one by one."""

    title: str
    title_en: str = ""
    kind: str = FairKind.ONLINE
    first_day: date | None = None
    rule: str = ""
    exceptions: Sequence[date] = ()


@dataclass(frozen=True, kw_only=True)
class Base:
    """What all fairs of a series have in common: `values` of `EDITED`, and how they are named."""

    values: Values
    short_title: str
    register_code: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One fair to be added: when, what tells it from the others, and what it has of its own."""

    first_day: date
    last_day: date
    name: str
    name_en: str
    tail: str
    register_tail: str = ""
    series_day: date | None = None
    own: Values = field(default_factory=dict)


def base_values(kind: str, **known: Any) -> dict[str, Any]:
    """The fields of `EDITED` as a new fair of the kind begins with them, with those `known`."""
    defaults = DEFAULTS[FairKind(kind)]
    empty: dict[str, Any] = {**dict.fromkeys(EDITED, ""), "regions": []}
    empty |= dict.fromkeys(
        ("venue", "hall", "team", "applications_close_at", "delegation_size"), None
    )
    return {
        **empty,
        "kind": kind,
        "attendance": defaults.attendance,
        "opens": defaults.opens,
        "closes": defaults.closes,
        "legal_basis": defaults.legal_basis,
        **known,
    }


def entry_on(day: date, kind: str) -> Entry:
    """The fair of a rule's day."""
    return Entry(
        first_day=day,
        last_day=default_last_day(kind, day),
        name=shown_date(day),
        name_en=shown_date(day),
        tail=day.isoformat(),
        register_tail=f"{day:%d%m%y}",
        series_day=day,
    )


@transaction.atomic(durable=True)
def create_series(
    *, content: SeriesContent, base: Base, entries: Sequence[Entry] = (), actor: User | None
) -> Series:
    """Begin a series with a draft for each day of its rule, and one for each of `entries`.

    Raises NotAllowed, the DomainErrors of `days_of_rule`, and `plan.missing` for a year without
    a plan.
    """
    require_planner(actor)
    codes = set(Series.objects.values_list("code", flat=True)) | RESERVED
    series = Series(code=take_code(slug(content.title, 50) or "chuoi", codes, limit=60))
    _fill(series, content)
    series.save(force_insert=True)
    wanted = [entry_on(day, series.kind) for day in days_of_series(series)]
    fairs = _add_fairs(series, base, [*wanted, *entries], actor)
    _record(series, actor, "fairs.series_created", after=_facts(series), added=_codes(fairs))
    return series


@transaction.atomic(durable=True)
def edit_series(
    *, series: Series, version: int, content: SeriesContent, actor: User | None
) -> Series:
    """Write `content` over the series as of `version` and let its fairs follow the rule.

    Missing days get a draft like the last fair of the series. A draft that nobody has touched
    goes with its day; a fair that was moved, edited or announced by hand stays as it is.

    Raises NotAllowed, StaleState `series.edited_meanwhile`, and what `create_series` does.
    """
    require_planner(actor)
    row = lock_row(series)
    if row.version != version:
        raise StaleState(
            "series.edited_meanwhile", _("Somebody else has saved this series in the meantime.")
        )
    before = _facts(row)
    _fill(row, content)
    added, removed = [], []
    if row.rule:
        days = compare_days(lock_rows(row.fairs.all()), days_of_series(row))
        base = base_of(row)
        missing = [day.day for day in days if day.status == DayStatus.NEW]
        removed = [day.fair for day in days if day.status == DayStatus.DROPPED and day.fair]
        for fair in removed:
            _delete_draft(fair, actor)
        added = _add_fairs(row, base, [entry_on(day, row.kind) for day in missing], actor)
    after = _facts(row)
    if before == after and not added and not removed:
        return row
    row.version = version + 1
    row.save()
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    facts = {"changes": changes, "added": _codes(added), "removed": _codes(removed)}
    _record(row, actor, "fairs.series_edited", **facts)
    return row


@transaction.atomic(durable=True)
def add_to_series(*, series: Series, entries: Sequence[Entry], actor: User | None) -> list[Fair]:
    """Add fairs that no rule gives, like the last fair of the series.

    Raises NotAllowed, DomainError `plan.missing`.
    """
    require_planner(actor)
    row = lock_row(series)
    fairs = _add_fairs(row, base_of(row), entries, actor)
    _record(row, actor, "fairs.series_added", added=_codes(fairs))
    return fairs


@transaction.atomic(durable=True)
def leave_out(*, series: Series, day: date, actor: User | None, reason: str = "") -> Fair | None:
    """Hold nothing on a day of the rule; return the fair that was cancelled for it, if any.

    A draft with nothing attached is taken away; any other fair of that day is cancelled, which
    needs a reason.

    Raises NotAllowed, DomainError `recurrence.not_its_day`, `recurrence.no_day`,
    `fair.reason_missing`, `series.day_over`.
    """
    require_planner(actor)
    row = lock_row(series)
    if row.first_day is None or not row.rule:
        raise DomainError("series.no_rule", _("The days of this series follow no rule."))
    exceptions = {*exceptions_of(row), day}
    days_of_rule(row.first_day, row.rule, exceptions)
    fair = next(iter(lock_rows(row.fairs.filter(series_day=day))), None)
    cancelled = None
    if fair and fair.state == FairState.DRAFT and not attached_to([fair]):
        _delete_draft(fair, actor)
    elif fair and fair.state != FairState.CANCELLED:
        if not FAIR.allows(fair.state, FairState.CANCELLED):
            raise DomainError("series.day_over", _("The fair of this day is over, so it stays."))
        cancelled = write_move(fair=fair, to=FairState.CANCELLED, actor=actor, reason=reason)
    row.exceptions = sorted(each.isoformat() for each in exceptions)
    row.version += 1
    row.save(update_fields=["exceptions", "version"])
    _record(row, actor, "fairs.series_day_left_out", day=day.isoformat(), reason=reason)
    return cancelled


def announce_drafts(*, series: Series, actor: User | None) -> tuple[list[Fair], dict[Fair, str]]:
    """Announce the coming drafts of the series, each in a transaction of its own.

    Return what was announced, and of each other draft why it was not. Raises NotAllowed.
    """
    require_planner(actor)
    announced, refused = [], {}
    drafts = series.fairs.filter(state=FairState.DRAFT, last_day__gte=timezone.localdate())
    for fair in drafts.order_by("first_day", "pk"):
        try:
            announced.append(move_fair(fair=fair, to=FairState.ANNOUNCED, actor=actor))
        except NotAllowed:
            raise
        except DomainError as error:
            refused[fair] = str(error)
    return announced, refused


def base_of(series: Series) -> Base:
    """What a further fair of the series has in common with its last one, if there is any."""
    fairs = series.fairs.select_related("venue", "hall__venue", "team")
    held = fairs.exclude(state=FairState.CANCELLED)
    last = held.order_by("-first_day", "-pk").first() or fairs.order_by("-first_day", "-pk").first()
    if last is None:
        letters = "".join(word[0] for word in slug(series.title).split("-") if word)
        return Base(
            values=base_values(series.kind),
            short_title=series.title[:40],
            register_code=letters[:8].upper(),
        )
    values = copied_values(last, moved_by=timedelta(0))
    return Base(
        values={**values, "applications_close_at": None},
        short_title=ENDS_IN_DAY.sub("", last.short_title),
        register_code=ENDS_IN_NUMBER.sub("", last.register_code) or last.register_code,
    )


def _add_fairs(
    series: Series, base: Base, entries: Sequence[Entry], actor: User | None
) -> list[Fair]:
    plans = {plan.year: plan for plan in Plan.objects.all()}
    codes, register_codes = codes_in_use()
    fairs = []
    for entry in entries:
        plan = plans.get(entry.first_day.year)
        if plan is None:
            raise DomainError(
                "plan.missing",
                _("There is no plan for %(year)s yet."),
                year=str(entry.first_day.year),
            )
        register_code = base.register_code[: 16 - len(entry.register_tail)] + entry.register_tail
        values = {
            **base.values,
            **entry.own,
            "title": f"{series.title} – {entry.name}"[:300],
            "title_en": f"{series.title_en} – {entry.name_en}"[:300] if series.title_en else "",
            "short_title": f"{base.short_title} {entry.name}"[:60],
            "register_code": take_code(register_code, register_codes, limit=16),
            "first_day": entry.first_day,
            "last_day": entry.last_day,
            "plan": plan,
            "series": series,
            "series_day": entry.series_day,
        }
        if values["legal_basis"] == LegalBasis.CITY_PROGRAMME:
            values["decision_number"] = plan.decision_number
        if values["attendance"] == Attendance.ON_SITE:
            values |= {"channel": "", "channel_url": ""}
        code = take_code(slug(f"{series.code[:49]}-{entry.tail}"), codes, limit=60)
        fairs.append(write_fair(code=code, values=values, actor=actor))
    return fairs


def _fill(series: Series, content: SeriesContent) -> None:
    series.title, series.title_en = content.title, content.title_en
    series.kind, series.rule = content.kind, content.rule
    series.first_day = content.first_day
    series.exceptions = sorted({day.isoformat() for day in content.exceptions})


def _delete_draft(fair: Fair, actor: User | None) -> None:
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="fairs.deleted",
        subject=fair.code,
        title=fair.title,
        first_day=fair.first_day.isoformat(),
    )
    Fair.objects.filter(pk=fair.pk).delete()


def _facts(series: Series) -> dict[str, Any]:
    return {
        "title": series.title,
        "title_en": series.title_en,
        "kind": series.kind,
        "first_day": series.first_day.isoformat() if series.first_day else "",
        "rule": series.rule,
        "exceptions": series.exceptions,
    }


def _codes(fairs: Sequence[Fair]) -> list[str]:
    return [fair.code for fair in fairs]


def _record(series: Series, actor: User | None, verb: str, **facts: Any) -> None:
    subject = f"series:{series.code}"
    audit.record(stream=audit.OFFICE, actor=actor, verb=verb, subject=subject, **facts)
