"""Writes: the organiser fixes an application's place, or rules booths out for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.models import Application
from booths.queries import applications_in, quotas_of
from booths.queries.pins import pin_desk_of
from booths.rendering.moves import refusal_in_words
from booths.rules import can_pin
from booths.states import LIVE
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from fairs.rules import can_organise


@dataclass(frozen=True)
class Pins:
    """Codes of booths: `pinned` is the place it must get, empty for any; `forbidden` never."""

    pinned: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()


def pins_of(application: Application) -> Pins:
    """What is fixed and ruled out for the application now."""
    return Pins(tuple(application.pinned or ()), tuple(application.forbidden))


@transaction.atomic(durable=True)
def set_pins(
    *, application: Application, seen: Pins, pins: Pins, reason: str, actor: User
) -> Application:
    """Fix the place of an application and rule booths out for it; the next run keeps to both.

    `seen` are the pins as they were when the form was read. The same again changes nothing.

    Raises NotAllowed, DomainError `pins.not_now`, `pins.reason_missing`, `pins.pinned_unfit`,
    `pins.forbidden_unknown`, `floor_plan.none`, StaleState `pins.changed_meanwhile`.
    """
    if not can_organise(actor, application.fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    fair, row = lock_row(application.fair), lock_row(application)
    row.fair = fair
    if not can_pin(fair) or row.state not in LIVE:
        raise DomainError(
            "pins.not_now",
            _("Places are fixed only for those who take part, until the booths are published."),
        )
    if pins_of(row) != seen:
        raise StaleState(
            "pins.changed_meanwhile",
            _("Somebody else has changed this in the meantime. What you wrote is kept below."),
        )
    if pins == seen:
        return row
    if not reason:
        raise DomainError("pins.reason_missing", _("Say why: it stands in the record."))
    _require_possible(row, pins)
    row.pinned, row.forbidden = list(pins.pinned) or None, list(pins.forbidden)
    row.pin_reason = reason
    row.save(update_fields=["pinned", "forbidden", "pin_reason"])
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.places_fixed",
        subject=row.code,
        pinned=list(pins.pinned),
        forbidden=list(pins.forbidden),
        before={"pinned": list(seen.pinned), "forbidden": list(seen.forbidden)},
        reason=reason,
    )
    return row


def _require_possible(application: Application, pins: Pins) -> None:
    desk = pin_desk_of(application)
    unknown: Sequence[str] = desk.unknown(pins.forbidden)
    if unknown:
        raise DomainError(
            "pins.forbidden_unknown",
            _("These are no booths of the current floor plan: %(booths)s."),
            booths=", ".join(unknown),
        )
    refusals = desk.refusals(pins.pinned, pins.forbidden) if pins.pinned else []
    if refusals:
        fair = application.fair
        names = {each.code: f"{each.organisation} ({each.code})" for each in applications_in(fair)}
        quotas = {f"{each.trait}={each.value}": each.shown_name for each in quotas_of(fair)}
        raise DomainError(
            "pins.pinned_unfit",
            _("It cannot be fixed there. %(why)s"),
            why=" ".join(refusal_in_words(each, names=names, quotas=quotas) for each in refusals),
        )
