"""Writes: a producer applies step by step, sends it in, and withdraws it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths import queries, tasks
from booths.models import Application, BoothDay
from booths.queries.apply import Wishes, offered_products, wishes_known
from booths.rendering.apply import consent_text
from booths.rules import (
    MOST_BOOTHS,
    MOST_POWER_KW,
    MOST_WISHES,
    acts_for,
    can_enter_for_others,
    has_entered,
    takes_applications,
)
from booths.states import APPLICATION, ApplicationState
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from fairs.states import OVER, FairState
from registry.models import Organisation, Product

CHANGEABLE = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


@dataclass(frozen=True, kw_only=True)
class Needs:
    """How many booths, and what they need together."""

    booths_wanted: int
    power_kw: Decimal
    water: bool
    cold: bool
    cooking: bool


@transaction.atomic(durable=True)
def begin_application(*, fair: Fair, organisation: Organisation, actor: User) -> Application:
    """A draft for the organisation, or the application that it has at the fair already.

    Raises NotAllowed, DomainError `apply.closed`, `apply.no_products`.
    """
    is_own = organisation.representatives.filter(user=actor).exists()
    if not organisation.is_producer or not (is_own or can_enter_for_others(actor, fair)):
        raise NotAllowed("apply.not_yours", _("You do not act for this producer."))
    row = lock_row(fair)
    held = Application.objects.filter(fair=row, organisation=organisation)
    if found := held.exclude(state=ApplicationState.WITHDRAWN).first():
        return found
    _require_open(row)
    product = organisation.products.select_related("group__successor").first()
    if product is None:
        raise DomainError(
            "apply.no_products",
            _("No product of yours is known here yet. Please call the organiser."),
        )
    application = Application.objects.create(
        fair=row,
        organisation=organisation,
        group=product.group.current,
        kind=product.kind,
        created_by=actor,
    )
    _record(application, actor, "booths.application_begun", organisation=organisation.code)
    return application


@transaction.atomic(durable=True)
def choose_products(
    *, application: Application, seen: int, codes: Collection[str], actor: User
) -> Application:
    """Bring these products; the first of them says which group the booth is for.

    Raises what `_open` does, DomainError `apply.products_missing`, `apply.product_unknown`,
    `apply.product_barred`.
    """
    row = _open(application, seen, actor)
    chosen = _chosen(row, codes)
    before = set(row.products.all())
    if before != set(chosen):
        row.products.set(chosen)
        row.group, row.kind = chosen[0].group.current, chosen[0].kind
        _save(row, actor, products=sorted(product.code for product in chosen))
    return row


def _chosen(application: Application, codes: Collection[str]) -> list[Product]:
    offered = offered_products(application.organisation, application.fair.end)
    known = {each.product.code: each for each in offered}
    if not codes:
        raise DomainError("apply.products_missing", _("Choose at least one product."))
    if not known.keys() >= set(codes):
        raise DomainError(
            "apply.product_unknown",
            _("One of these products is not a product of %(name)s. Choose from the list."),
            name=str(application.organisation),
        )
    for code in codes:
        if not known[code].can_be_chosen:
            raise DomainError(
                "apply.product_barred",
                _("“%(product)s” cannot be brought: its certificate was withdrawn."),
                product=str(known[code].product),
            )
    return [each.product for each in offered if each.product.code in codes]


@transaction.atomic(durable=True)
def state_needs(*, application: Application, seen: int, needs: Needs, actor: User) -> Application:
    """Ask for so many booths with power, water, cold storage and cooking.

    Raises what `_open` does, DomainError `apply.booths_number`, `apply.power`.
    """
    row = _open(application, seen, actor)
    if not 1 <= needs.booths_wanted <= MOST_BOOTHS:
        raise DomainError("apply.booths_number", _("Ask for 1 to 6 booths."))
    if not needs.power_kw.is_finite() or not 0 <= needs.power_kw <= MOST_POWER_KW:
        raise DomainError("apply.power", _("Power is a number from 0 to 100 kW."))
    wanted = asdict(needs)
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changes:
        for name, value in changes.items():
            setattr(row, name, value)
        _save(row, actor, **{name: _plain(value) for name, value in changes.items()})
    return row


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic(durable=True)
def choose_wishes(
    *, application: Application, seen: int, wishes: Sequence[Sequence[str]], actor: User
) -> Application:
    """Wish for booths or zones, best first; a wish said twice counts once.

    Raises what `_open` does, DomainError `apply.too_many_wishes`, `apply.wish_unknown`.
    """
    row = _open(application, seen, actor)
    wanted: Wishes = [list(wish) for wish in dict.fromkeys(map(tuple, wishes))]
    if len(wanted) > MOST_WISHES:
        raise DomainError("apply.too_many_wishes", _("At most three wishes. Take one away first."))
    known = wishes_known(queries.plan_of(row.fair))
    for wish in wanted:
        # A wish kept from before may be for a booth that is gone; it is simply not met.
        if wish not in known and wish not in row.wishes:
            raise DomainError(
                "apply.wish_unknown",
                _("There is no “%(place)s” on the floor plan."),
                place=wish[-1],
            )
    if wanted != row.wishes:
        row.wishes = wanted
        _save(row, actor, wishes=wanted)
    return row


@transaction.atomic(durable=True)
def submit_application(
    *, application: Application, seen: int, consent: bool, actor: User, note: str = ""
) -> Application:
    """Send the draft in; `note` says who agreed on which paper where it is not one's own.

    Raises what `_open` does, DomainError `apply.sent_already`, `apply.consent_missing`,
    `apply.note_missing`, and those of `choose_products`.
    """
    row = _open(application, seen, actor)
    if row.state != ApplicationState.DRAFT:
        raise DomainError("apply.sent_already", _("This application has been sent already."))
    if not consent:
        raise DomainError("apply.consent_missing", _("Without your consent it cannot be sent."))
    if not note and not acts_for(actor, row):
        raise DomainError("apply.note_missing", _("Say who signed the consent on paper, and when."))
    _chosen(row, row.products.values_list("code", flat=True))
    now = timezone.now()
    row.consented_at, row.consent_text, row.consent_note = now, consent_text(row.fair), note
    row.version += 1
    row.saved_at = now
    row.save(update_fields=["consented_at", "consent_text", "consent_note", "version", "saved_at"])
    APPLICATION.move(row, ApplicationState.SUBMITTED, submitted_at=now)
    _record(row, actor, "booths.application_submitted", consent=row.consent_text, note=note)
    if address := row.organisation.email or (acts_for(actor, row) and actor.email) or "":
        tasks.send_receipt.ask(
            key=f"{row.code}:{row.version}",
            stream=row.fair.stream,
            actor=actor,
            application=row.pk,
            address=address,
        )
    return row


@transaction.atomic(durable=True)
def withdraw_application(*, application: Application, actor: User) -> Application:
    """Take the application back, with the booths it holds, until the fair begins.

    Raises NotAllowed, DomainError `apply.too_late_to_withdraw`, StaleState.
    """
    _require_own(application, actor)
    fair, row = lock_row(application.fair), lock_row(application)
    if fair.state in OVER or fair.state == FairState.RUNNING:
        raise DomainError(
            "apply.too_late_to_withdraw",
            _("The fair has begun or is over. Please call the organiser."),
        )
    before = row.state
    APPLICATION.move(row, ApplicationState.WITHDRAWN)
    now = timezone.now()
    held = row.assignments.filter(released_at__isnull=True)
    days = BoothDay.objects.filter(assignment__in=held, released_at__isnull=True)
    booths = sorted(set(days.values_list("booth__code", flat=True)))
    days.update(released_at=now)
    held.update(released_at=now)
    _record(row, actor, "booths.application_withdrawn", before=before, released=booths)
    return row


def _require_own(application: Application, actor: User) -> None:
    if not acts_for(actor, application) and not has_entered(actor, application):
        raise NotAllowed("apply.not_yours", _("You do not act for this producer."))


def _require_open(fair: Fair) -> None:
    if not takes_applications(fair, timezone.now()):
        raise DomainError("apply.closed", _("Applications for this fair are closed."))


def _open(application: Application, seen: int, actor: User) -> Application:
    """The application, locked, as long as it may be changed.

    Raises NotAllowed, DomainError `apply.closed`, `apply.reviewed`, StaleState
    `apply.saved_meanwhile` when it is no longer the version that was `seen`.
    """
    _require_own(application, actor)
    _require_open(lock_row(application.fair))
    key = Application.objects.filter(pk=application.pk)
    row = lock_rows(key.select_related("fair", "organisation"))[0]
    if row.state not in CHANGEABLE:
        raise DomainError(
            "apply.reviewed",
            _("This application has been decided on or withdrawn: it can no longer be changed."),
        )
    if row.version != seen:
        raise StaleState(
            "apply.saved_meanwhile", _("This was saved on another phone in the meantime.")
        )
    return row


def _save(application: Application, actor: User, **changes: Any) -> None:
    application.version += 1
    application.saved_at = timezone.now()
    application.save()
    _record(application, actor, "booths.application_changed", changes=changes)


def _record(application: Application, actor: User, verb: str, **facts: Any) -> None:
    audit.record(
        stream=application.fair.stream, actor=actor, verb=verb, subject=application.code, **facts
    )
