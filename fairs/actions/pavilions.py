"""Writes: guest provinces with their pavilions, and the booths that a province fills in."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.codes import new_token
from core.errors import DomainError, NotAllowed, StaleState
from core.jobs import Job
from core.locks import lock_row, lock_rows
from fairs.models import Fair, Pavilion, PavilionBooth
from fairs.queries.moved import Along
from fairs.queries.pavilions import Facts, Lines, facts_of, is_open, lines_of, subject_of
from fairs.queries.programme import bounds_of
from fairs.rules import can_organise
from fairs.states import OVER
from fairs.tasks import send_pavilion_link
from registry.models import Place


@dataclass(frozen=True, kw_only=True)
class PavilionContent:
    """What an organiser says about a pavilion; `phone` in E.164 or empty."""

    booth_count: int
    fill_in_until: datetime
    contact: str = ""
    email: str = ""
    phone: str = ""


@transaction.atomic(durable=True)
def add_pavilion(
    *, fair: Fair, place: Place, content: PavilionContent, actor: User | None
) -> Pavilion:
    """Invite a province as a guest with so many booths.

    Raises NotAllowed, DomainError `fair.pavilion_fair_over`, `fair.pavilion_once`,
    `fair.pavilion_deadline_past`, `fair.pavilion_deadline_late`.
    """
    row = _open_fair(fair, actor)
    if row.pavilions.filter(place=place).exists():
        raise DomainError("fair.pavilion_once", _("This province is a guest of the fair already."))
    _require_deadline(row, content.fill_in_until)
    pavilion = Pavilion.objects.create(fair=row, place=place, **asdict(content))
    _record(
        pavilion,
        actor,
        "fairs.pavilion_added",
        place=place.code,
        booths=content.booth_count,
        until=content.fill_in_until.isoformat(),
    )
    return pavilion


@transaction.atomic(durable=True)
def change_pavilion(
    *, pavilion: Pavilion, seen: Facts, content: PavilionContent, actor: User | None
) -> Pavilion:
    """Rewrite what is said about the pavilion, unless somebody did since it was `seen` so.

    Booths behind the new last one move to free ones in front.

    Raises NotAllowed, DomainError `fair.pavilion_fair_over`, `fair.pavilion_has_more`,
    `fair.pavilion_deadline_past`, `fair.pavilion_deadline_late`, StaleState
    `fair.pavilion_stale`.
    """
    fair = _open_fair(pavilion.fair, actor)
    row = _lock(pavilion)
    before = facts_of(row)
    for name, value in asdict(content).items():
        setattr(row, name, value)
    after = facts_of(row)
    # Facts and not the version: a province that fills in its booths meanwhile is in nobody's way.
    if before not in (seen, after):
        raise _stale()
    changes = sorted(name for name in after if after[name] != before[name])
    if not changes:
        return row
    if "fill_in_until" in changes:
        _require_deadline(fair, content.fill_in_until)
    _close_ranks(row)
    _save(row)
    _record(
        row,
        actor,
        "fairs.pavilion_changed",
        changes=changes,
        booths=row.booth_count,
        until=row.fill_in_until.isoformat(),
    )
    return row


@transaction.atomic(durable=True)
def renew_pavilion_link(*, pavilion: Pavilion, version: int, actor: User | None) -> Pavilion:
    """Give the pavilion a new link; the old one opens nothing any more.

    Raises NotAllowed, DomainError `fair.pavilion_fair_over`, StaleState `fair.pavilion_stale`.
    """
    _open_fair(pavilion.fair, actor)
    row = _lock_version(pavilion, version)
    row.token = new_token()
    _save(row)
    _record(row, actor, "fairs.pavilion_link_renewed")
    return row


@transaction.atomic(durable=True)
def ask_to_send_pavilion_link(*, pavilion: Pavilion, version: int, actor: User | None) -> Job:
    """Let the worker send the link to the pavilion's e-mail address.

    Raises NotAllowed, DomainError `fair.pavilion_fair_over`, `fair.pavilion_no_email`,
    StaleState `fair.pavilion_stale`.
    """
    fair = _open_fair(pavilion.fair, actor)
    row = _lock_version(pavilion, version)
    if not row.email:
        raise DomainError("fair.pavilion_no_email", _("There is no e-mail address to write to."))
    _save(row)
    _record(row, actor, "fairs.pavilion_link_asked_for")
    key = f"{row.pk}-{row.version}"
    return send_pavilion_link.ask(key=key, stream=fair.stream, actor=actor, pavilion=row.pk)


@transaction.atomic(durable=True)
def remove_pavilion(*, pavilion: Pavilion, reason: str, actor: User | None) -> None:
    """Take a guest province off the list while nobody is filled in; the reason stays on record.

    Raises NotAllowed, DomainError `fair.pavilion_fair_over`, `fair.pavilion_filled`.
    """
    _open_fair(pavilion.fair, actor)
    row = _lock(pavilion)
    if row.booths.exists():
        raise DomainError(
            "fair.pavilion_filled",
            _("Units are filled in here already. Ask the province to take them out first."),
        )
    _record(row, actor, "fairs.pavilion_removed", place=row.place.code, reason=reason)
    row.delete()


@transaction.atomic(durable=True)
def fill_in_pavilion(
    *, pavilion: Pavilion, seen: Lines, lines: Lines, is_final: bool, actor: User | None
) -> Pavilion:
    """Write the province's booths, and with `is_final` send them in.

    Whoever holds the link may do this, so there is no actor but for people who are signed in.
    A pavilion from which the last unit is taken out is no longer sent in.

    Raises Pavilion.DoesNotExist for a link that was renewed meanwhile, DomainError
    `fair.pavilion_closed`, `fair.pavilion_fair_over`, `fair.pavilion_too_many`,
    `fair.pavilion_empty`, StaleState `fair.pavilion_stale` when what is stored is neither
    what was `seen` nor what is to be written.
    """
    row = _lock_link(pavilion)
    stored = lines_of(row)
    if stored not in (seen, lines):
        raise _stale()
    if max(lines, default=0) > row.booth_count:
        raise DomainError(
            "fair.pavilion_too_many",
            _("Your province has %(booths)s booths, so there cannot be more lines than that."),
            booths=row.booth_count,
        )
    if is_final and not lines:
        raise DomainError(
            "fair.pavilion_empty", _("Fill in at least one booth before you send it in.")
        )
    changed = sorted(each for each in {*stored, *lines} if stored.get(each) != lines.get(each))
    if not changed and not is_final:
        return row
    _write_lines(row, lines, changed)
    if is_final:
        row.submitted_at = timezone.now()
    elif not lines:
        row.submitted_at = None
    _save(row)
    verb = "fairs.pavilion_sent_in" if is_final else "fairs.pavilion_filled_in"
    _record(row, actor, verb, booths=changed, filled=len(lines))
    return row


def _open_fair(fair: Fair, actor: User | None) -> Fair:
    """The fair, locked, for an organiser while it is not over."""
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    row = lock_row(fair)
    _require_not_over(row)
    return row


def _require_not_over(fair: Fair) -> None:
    if fair.state in OVER:
        raise DomainError(
            "fair.pavilion_fair_over",
            _("This fair is over or cancelled: its guest provinces stay as they are."),
        )


def _require_deadline(fair: Fair, until: datetime) -> None:
    if until <= timezone.now():
        raise DomainError("fair.pavilion_deadline_past", _("This moment has passed already."))
    if until > bounds_of(fair)[1]:
        raise DomainError("fair.pavilion_deadline_late", _("The fair is over by then."))


def move_deadlines(along: Along) -> dict[str, str]:
    """Write the deadlines that move along with a fair; the new ones by the province's code.

    A step of the actions that move a fair, inside their transaction.
    """
    for pavilion, until in along.pavilions:
        Pavilion.objects.filter(pk=pavilion.pk).update(
            fill_in_until=until, version=F("version") + 1
        )
    return {
        pavilion.place.code: until.astimezone(UTC).isoformat()
        for pavilion, until in along.pavilions
    }


def _lock(pavilion: Pavilion, **wanted: Any) -> Pavilion:
    rows = lock_rows(Pavilion.objects.filter(pk=pavilion.pk, **wanted).select_related("fair"))
    if not rows:
        raise Pavilion.DoesNotExist
    return rows[0]


def _lock_version(pavilion: Pavilion, version: int) -> Pavilion:
    row = _lock(pavilion)
    if row.version != version:
        raise _stale()
    return row


def _lock_link(pavilion: Pavilion) -> Pavilion:
    row = _lock(pavilion, token=pavilion.token)
    _require_not_over(row.fair)
    if not is_open(row, timezone.now()):
        raise DomainError(
            "fair.pavilion_closed",
            _("The time for filling in was over at %(until)s. Please call the organiser."),
            until=f"{timezone.localtime(row.fill_in_until):%H:%M %d/%m/%Y}",
        )
    return row


def _stale() -> StaleState:
    return StaleState(
        "fair.pavilion_stale", _("Somebody else has changed this since you opened it.")
    )


def _close_ranks(pavilion: Pavilion) -> None:
    """Move what stands behind the last booth to free ones in front of it."""
    booths = list(pavilion.booths.all())
    if len(booths) > pavilion.booth_count:
        raise DomainError(
            "fair.pavilion_has_more",
            _("%(filled)s booths are filled in already, so there cannot be fewer."),
            filled=len(booths),
        )
    taken = {booth.number for booth in booths}
    free = iter(sorted({*range(1, pavilion.booth_count + 1)} - taken))
    for booth in booths:
        if booth.number > pavilion.booth_count:
            booth.number = next(free)
            booth.save(update_fields=["number"])


def _write_lines(pavilion: Pavilion, lines: Lines, changed: list[int]) -> None:
    gone = [number for number in changed if number not in lines]
    pavilion.booths.filter(number__in=gone).delete()
    for number in changed:
        if number in lines:
            PavilionBooth.objects.update_or_create(
                pavilion=pavilion, number=number, defaults=lines[number]._asdict()
            )


def _save(pavilion: Pavilion) -> None:
    pavilion.version += 1
    pavilion.save()


def _record(pavilion: Pavilion, actor: User | None, verb: str, **facts: Any) -> None:
    audit.record(
        stream=pavilion.fair.stream,
        actor=actor,
        verb=verb,
        subject=subject_of(pavilion),
        version=pavilion.version,
        **facts,
    )
