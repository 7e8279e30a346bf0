"""Writes: an applicant shares the booth by days with other households, who agree to it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.actions.own import (
    CHANGEABLE,
    chosen_products,
    lock_open,
    record,
    require_open,
)
from booths.models import Application, Partner, SharedDay
from booths.queries.sharing import busy_days, days_of, find_partners, open_partners
from booths.rendering.sharing import sharing_consent
from booths.rules import MOST_PARTNERS, acts_for, can_enter_for_others, has_entered, represents
from booths.states import ApplicationState
from booths.tasks.papers import ask_for_protocol
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from core.vietnam import shown_days
from fairs.states import OVER, FairState
from registry.models import Organisation


@transaction.atomic(durable=True)
def name_partner(*, application: Application, seen: int, contact: str, actor: User) -> Partner:
    """Share the draft's booth with the producer of this tax code, phone number or e-mail address.

    It is given the later half of the applicant's days, to be divided otherwise afterwards.

    Raises what `lock_open` does, DomainError `sharing.sent`, `sharing.unknown`,
    `sharing.ambiguous`, `sharing.oneself`, `sharing.already`, `sharing.applied`,
    `sharing.too_many`, `sharing.no_day_left`.
    """
    row = _open_draft(application, seen, actor)
    organisation, shown = _found(contact)
    partners = open_partners(row)
    _require_possible(row, organisation, shown, partners)
    taken = {each.day for partner in partners for each in partner.days.all()}
    own = [day for day in range(1, row.fair.days + 1) if day not in taken]
    busy = busy_days(row.fair, organisation, besides=row)
    offer = [day for day in own[max(1, len(own) // 2) :] if day not in busy]
    if not offer:
        raise DomainError(
            "sharing.no_day_left",
            _("No day is left for %(name)s: each household needs one of its own."),
            name=shown or str(organisation),
        )
    partner = Partner.objects.create(application=row, organisation=organisation, contact=shown)
    _write_days(partner, offer)
    _touch(row)
    record(row, actor, "booths.sharing_asked", partner=organisation.code, days=offer)
    return partner


def _open_draft(application: Application, seen: int, actor: User) -> Application:
    row = lock_open(application, seen, actor)
    if row.state != ApplicationState.DRAFT:
        raise DomainError(
            "sharing.sent",
            _(
                "The application has been sent, so its days stay as they are. To share "
                "otherwise, withdraw it and begin anew."
            ),
        )
    return row


def _found(contact: str) -> tuple[Organisation, str]:
    found, shown = find_partners(contact)
    if not found:
        raise DomainError(
            "sharing.unknown",
            _(
                "No producer is known here by that. Check the digits, ask them for their tax "
                "code, or ask the organiser to enter them."
            ),
        )
    if len(found) > 1:
        raise DomainError(
            "sharing.ambiguous", _("Several producers are known by that. Enter the tax code.")
        )
    return found[0], shown


def _require_possible(
    row: Application, organisation: Organisation, shown: str, partners: Collection[Partner]
) -> None:
    name = shown or str(organisation)
    if organisation.pk == row.organisation_id:
        raise DomainError("sharing.oneself", _("That is your own unit. Name another one."))
    if any(each.organisation_id == organisation.pk for each in partners):
        raise DomainError("sharing.already", _("%(name)s is named already."), name=name)
    if len(partners) >= MOST_PARTNERS:
        raise DomainError(
            "sharing.too_many",
            _("A booth is shared with at most %(most)s other households."),
            most=MOST_PARTNERS,
        )
    _require_no_application(row, organisation, name)


def _require_no_application(row: Application, organisation: Organisation, name: str) -> None:
    held = Application.objects.filter(fair=row.fair_id, organisation=organisation)
    if held.exclude(state=ApplicationState.WITHDRAWN).exists():
        raise DomainError(
            "sharing.applied",
            _(
                "%(name)s has an application of its own at this fair. It must be withdrawn "
                "before a booth is shared."
            ),
            name=name,
        )


@transaction.atomic(durable=True)
def divide_days(
    *, application: Application, seen: int, households: Mapping[int, str], actor: User
) -> Application:
    """Say for each day of the fair, counted from 1, which household has the booth, by its code.

    Whoever gets other days than it agreed to has to confirm again.

    Raises what `lock_open` does, DomainError `sharing.sent`, `sharing.days_incomplete`,
    `sharing.household_without_day`, `sharing.day_taken`.
    """
    row = _open_draft(application, seen, actor)
    partners = open_partners(row)
    _require_divided(row, partners, households)
    before = {each: {day.day for day in each.days.all()} for each in partners}
    after = {
        each: {day for day, code in households.items() if code == each.organisation.code}
        for each in partners
    }
    changed = [each for each in partners if before[each] != after[each]]
    if changed:
        # All first: what one household gives up another may take.
        SharedDay.objects.filter(partner__in=changed).delete()
        for partner in changed:
            partner.confirmed_at, partner.confirmed_by = None, None
            partner.consent_text = partner.consent_note = ""
            partner.save()
            _write_days(partner, after[partner])
        _touch(row)
        days = {each.organisation.code: sorted(after[each]) for each in partners}
        record(row, actor, "booths.sharing_divided", days=days)
    return row


def _require_divided(
    row: Application, partners: Collection[Partner], households: Mapping[int, str]
) -> None:
    names = {row.organisation.code: str(row.organisation)}
    names |= {each.organisation.code: str(each) for each in partners}
    if set(households) != set(range(1, row.fair.days + 1)) or not names.keys() >= set(
        households.values()
    ):
        raise DomainError(
            "sharing.days_incomplete", _("Say for every day which household has the booth.")
        )
    for code, name in names.items():
        if code not in households.values():
            raise DomainError(
                "sharing.household_without_day",
                _("Give %(name)s at least one day, or take them off."),
                name=name,
            )
    for each in partners:
        wanted = {day for day, code in households.items() if code == each.organisation.code}
        _require_free(row, each, wanted)


def _require_free(row: Application, partner: Partner, wanted: Iterable[int]) -> None:
    if twice := busy_days(row.fair, partner.organisation, besides=row).intersection(wanted):
        days = days_of(row.fair)
        raise DomainError(
            "sharing.day_taken",
            _("%(name)s shares another booth on %(days)s. Give those days to somebody else."),
            name=str(partner),
            days=shown_days(days[day - 1] for day in twice if day <= len(days)),
        )


def _write_days(partner: Partner, days: Iterable[int]) -> None:
    application = partner.application
    SharedDay.objects.bulk_create(
        SharedDay(
            partner=partner,
            fair_id=application.fair_id,
            application=application,
            organisation_id=partner.organisation_id,
            day=day,
        )
        for day in sorted(days)
    )


def _touch(row: Application) -> None:
    row.version += 1
    row.saved_at = timezone.now()
    row.save(update_fields=["version", "saved_at"])


@transaction.atomic(durable=True)
def confirm_sharing(
    *,
    partner: Partner,
    seen: Collection[int],
    codes: Collection[str],
    consent: bool,
    actor: User,
    note: str = "",
) -> Partner:
    """The household agrees to the days that were `seen` and says what it brings.

    `note` says who agreed on which paper where an officer does this for the household.

    Raises NotAllowed, DomainError `apply.closed`, `sharing.over`, `sharing.confirmed`,
    `sharing.applied`, `sharing.day_taken`, `apply.consent_missing`, `apply.note_missing`, those
    of `chosen_products`, StaleState `sharing.days_changed`.
    """
    is_own = represents(actor, partner.organisation)
    if not is_own and not can_enter_for_others(actor, partner.application.fair):
        raise NotAllowed("sharing.not_yours", _("This link is for another household. Send it on."))
    fair, application, row = _lock(partner)
    require_open(fair)
    days = _require_unanswered(row, application, seen)
    if not consent:
        raise DomainError("apply.consent_missing", _("Without your consent it cannot be sent."))
    if not note and not is_own:
        raise DomainError("apply.note_missing", _("Say who signed the consent on paper, and when."))
    _require_no_application(application, row.organisation, str(row.organisation))
    _require_free(application, row, days)
    products = chosen_products(row.organisation, fair.end, codes)
    row.consent_text, row.consent_note = sharing_consent(row, fair), note
    row.confirmed_at, row.confirmed_by, row.contact = timezone.now(), actor, ""
    row.save()
    row.products.set(products)
    row.days.update(is_confirmed=True)
    record(
        application,
        actor,
        "booths.sharing_confirmed",
        partner=row.organisation.code,
        days=sorted(days),
        products=sorted(product.code for product in products),
        consent=row.consent_text,
        note=note,
    )
    return row


def _require_unanswered(row: Partner, application: Application, seen: Collection[int]) -> set[int]:
    """The days that are still to be agreed to, which are those that were seen."""
    if row.ended_at or application.state != ApplicationState.DRAFT:
        raise DomainError("sharing.over", _("This booth is no longer to be shared."))
    if row.confirmed_at:
        raise DomainError("sharing.confirmed", _("This has been confirmed already."))
    days = {each.day for each in row.days.all()}
    if days != set(seen):
        raise StaleState(
            "sharing.days_changed",
            _("The days have been changed in the meantime. Look at them again, then confirm."),
        )
    return days


def _lock(partner: Partner) -> Any:
    """Fair, application and partner, locked in that order."""
    fair = lock_row(partner.application.fair)
    lock_row(partner.application)
    key = Partner.objects.filter(pk=partner.pk)
    row = lock_rows(key.select_related("organisation", "application__organisation"))[0]
    return fair, row.application, row


@transaction.atomic(durable=True)
def end_sharing(*, partner: Partner, actor: User) -> Partner:
    """Share no longer: the partner's days go back to the applicant, until the fair begins.

    The partner may do so, an officer for it, and the applicant until it is decided on. A protocol
    that is published is drawn anew, without their name.

    Raises NotAllowed, DomainError `sharing.too_late`, `sharing.decided`, StaleState
    `sharing.ended` (somebody else has ended it).
    """
    application = partner.application
    is_partner = represents(actor, partner.organisation)
    is_desk = can_enter_for_others(actor, application.fair)
    if not (is_partner or is_desk or _is_applicant(actor, application)):
        raise NotAllowed("sharing.not_yours", _("This link is for another household. Send it on."))
    fair, application, row = _lock(partner)
    if fair.state in OVER or fair.state == FairState.RUNNING:
        raise DomainError(
            "sharing.too_late", _("The fair has begun or is over. Please call the organiser.")
        )
    if row.ended_at:
        raise StaleState("sharing.ended", _("This booth is no longer shared."))
    if not is_partner and not is_desk and application.state not in CHANGEABLE:
        raise DomainError(
            "sharing.decided",
            _("The application has been decided on: only the other household can still end this."),
        )
    now = timezone.now()
    row.days.filter(released_at__isnull=True).update(released_at=now)
    row.ended_at, row.contact = now, ""
    row.save(update_fields=["ended_at", "contact"])
    _touch(application)
    event = record(
        application,
        actor,
        "booths.sharing_ended",
        partner=row.organisation.code,
        was_confirmed=row.confirmed_at is not None,
    )
    ask_for_protocol(fair, event)
    return row


def _is_applicant(actor: User, application: Application) -> bool:
    return acts_for(actor, application) or has_entered(actor, application)


def require_confirmed(application: Application) -> None:
    """Raise unless all who are to share the draft's booth have agreed, and may still bring theirs.

    Raises DomainError `sharing.unconfirmed` and those of `chosen_products`.
    """
    for partner in open_partners(application):
        if partner.confirmed_at is None:
            raise DomainError(
                "sharing.unconfirmed",
                _(
                    "%(name)s has not agreed to share the booth yet. Send them their link, "
                    "or take them off, then send the application."
                ),
                name=str(partner),
            )
        codes = [product.code for product in partner.products.all()]
        chosen_products(partner.organisation, application.fair.end, codes)


def release_partners(application: Application, now: datetime) -> list[str]:
    """End all sharing of an application that is withdrawn; return whom it is over for, by code."""
    partners = Partner.objects.filter(application=application, ended_at__isnull=True)
    freed = sorted(partners.values_list("organisation__code", flat=True))
    SharedDay.objects.filter(application=application, released_at__isnull=True).update(
        released_at=now
    )
    partners.update(ended_at=now, contact="")
    return freed
