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
from booths.actions.own import (
    chosen_products,
    lock_open,
    record,
    require_open,
    require_own,
    save_changes,
)
from booths.actions.priorities import renew_priorities
from booths.actions.sharing import release_partners, require_confirmed
from booths.models import Application, BoothDay
from booths.queries.apply import Wishes, wishes_known
from booths.queries.sharing import shares_at
from booths.queries.waiting import open_offer_of
from booths.rendering.apply import consent_text
from booths.rules import (
    MOST_BOOTHS,
    MOST_POWER_KW,
    MOST_WISHES,
    acts_for,
    can_enter_for_others,
)
from booths.states import APPLICATION, ApplicationState, OfferState
from booths.tasks.offers import ask_to_pass_on, end_offer
from booths.tasks.papers import ask_for_protocol
from core.errors import DomainError, NotAllowed
from core.locks import lock_row
from fairs.models import Fair
from fairs.states import OVER, FairState
from registry.models import Organisation


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

    Raises NotAllowed, DomainError `apply.closed`, `apply.no_products`, `apply.shares`.
    """
    is_own = organisation.representatives.filter(user=actor).exists()
    if not organisation.is_producer or not (is_own or can_enter_for_others(actor, fair)):
        raise NotAllowed("apply.not_yours", _("You do not act for this producer."))
    row = lock_row(fair)
    held = Application.objects.filter(fair=row, organisation=organisation)
    if found := held.exclude(state=ApplicationState.WITHDRAWN).first():
        return found
    require_open(row)
    if sharing := shares_at(row, organisation):
        raise DomainError(
            "apply.shares",
            _(
                "%(name)s shares the booth of %(applicant)s at this fair. "
                "End that first, then apply."
            ),
            name=str(organisation),
            applicant=str(sharing.application.organisation),
        )
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
    record(application, actor, "booths.application_begun", organisation=organisation.code)
    return application


@transaction.atomic(durable=True)
def choose_products(
    *, application: Application, seen: int, codes: Collection[str], actor: User
) -> Application:
    """Bring these products; the first of them says which group the booth is for.

    Raises what `lock_open` does, DomainError `apply.products_missing`, `apply.product_unknown`,
    `apply.product_barred`.
    """
    row = lock_open(application, seen, actor)
    chosen = chosen_products(row.organisation, row.fair.end, codes)
    before = set(row.products.all())
    if before != set(chosen):
        row.products.set(chosen)
        row.group, row.kind = chosen[0].group.current, chosen[0].kind
        save_changes(row, actor, products=sorted(product.code for product in chosen))
    return row


@transaction.atomic(durable=True)
def state_needs(*, application: Application, seen: int, needs: Needs, actor: User) -> Application:
    """Ask for so many booths with power, water, cold storage and cooking.

    Raises what `lock_open` does, DomainError `apply.booths_number`, `apply.power`.
    """
    row = lock_open(application, seen, actor)
    if not 1 <= needs.booths_wanted <= MOST_BOOTHS:
        raise DomainError("apply.booths_number", _("Ask for 1 to 6 booths."))
    if not needs.power_kw.is_finite() or not 0 <= needs.power_kw <= MOST_POWER_KW:
        raise DomainError("apply.power", _("Power is a number from 0 to 100 kW."))
    wanted = asdict(needs)
    changes = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changes:
        for name, value in changes.items():
            setattr(row, name, value)
        save_changes(row, actor, **{name: _plain(value) for name, value in changes.items()})
    return row


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


@transaction.atomic(durable=True)
def choose_wishes(
    *, application: Application, seen: int, wishes: Sequence[Sequence[str]], actor: User
) -> Application:
    """Wish for booths or zones, best first; a wish said twice counts once.

    Raises what `lock_open` does, DomainError `apply.too_many_wishes`, `apply.wish_unknown`.
    """
    row = lock_open(application, seen, actor)
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
        save_changes(row, actor, wishes=wanted)
    return row


@transaction.atomic(durable=True)
def submit_application(
    *, application: Application, seen: int, consent: bool, actor: User, note: str = ""
) -> Application:
    """Send the draft in; `note` says who agreed on which paper where it is not one's own.

    Raises what `lock_open` does, DomainError `apply.sent_already`, `apply.consent_missing`,
    `apply.note_missing`, those of `choose_products`, and `sharing.unconfirmed`.
    """
    row = lock_open(application, seen, actor)
    if row.state != ApplicationState.DRAFT:
        raise DomainError("apply.sent_already", _("This application has been sent already."))
    if not consent:
        raise DomainError("apply.consent_missing", _("Without your consent it cannot be sent."))
    if not note and not acts_for(actor, row):
        raise DomainError("apply.note_missing", _("Say who signed the consent on paper, and when."))
    chosen_products(row.organisation, row.fair.end, row.products.values_list("code", flat=True))
    require_confirmed(row)
    now = timezone.now()
    row.consented_at, row.consent_text, row.consent_note = now, consent_text(row.fair), note
    row.version += 1
    row.saved_at = now
    row.save(update_fields=["consented_at", "consent_text", "consent_note", "version", "saved_at"])
    APPLICATION.move(row, ApplicationState.SUBMITTED, submitted_at=now)
    renew_priorities(row.fair, [row])
    record(row, actor, "booths.application_submitted", consent=row.consent_text, note=note)
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
    require_own(application, actor)
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
    if offer := open_offer_of(row):
        offer.application = row
        end_offer(offer, OfferState.DECLINED, now=now, actor=actor, keeps_waiting=False)
    freed = release_partners(row, now)
    facts = {"released": booths, "partners": freed} if freed else {"released": booths}
    event = record(row, actor, "booths.application_withdrawn", before=before, **facts)
    if booths or offer:
        ask_to_pass_on(fair, event)
    if booths:
        ask_for_protocol(fair, event)
    return row
