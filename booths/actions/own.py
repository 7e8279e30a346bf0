"""What all writes of an application by its own people stand on: who, until when, which version."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.actions.priorities import renew_priorities
from booths.models import Application
from booths.queries.apply import offered_products
from booths.rules import acts_for, has_entered, takes_applications
from booths.states import ApplicationState
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from registry.models import Organisation, Product

CHANGEABLE = (ApplicationState.DRAFT, ApplicationState.SUBMITTED)


def require_own(application: Application, actor: User) -> None:
    """Raise NotAllowed unless `actor` acts for the applicant, or has entered it for them."""
    if not acts_for(actor, application) and not has_entered(actor, application):
        raise NotAllowed("apply.not_yours", _("You do not act for this producer."))


def require_open(fair: Fair) -> None:
    """Raise DomainError `apply.closed` unless an application is in time now."""
    if not takes_applications(fair, timezone.now()):
        raise DomainError("apply.closed", _("Applications for this fair are closed."))


def lock_open(application: Application, seen: int, actor: User) -> Application:
    """The application, locked, as long as it may be changed.

    Raises NotAllowed, DomainError `apply.closed`, `apply.reviewed`, StaleState
    `apply.saved_meanwhile` when it is no longer the version that was `seen`.
    """
    require_own(application, actor)
    require_open(lock_row(application.fair))
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


def save_changes(application: Application, actor: User, **changes: Any) -> None:
    """Save the application as its next version, with what changed in the audit."""
    application.version += 1
    application.saved_at = timezone.now()
    application.save()
    if application.state == ApplicationState.SUBMITTED:
        renew_priorities(application.fair, [application])
    record(application, actor, "booths.application_changed", changes=changes)


def record(application: Application, actor: User, verb: str, **facts: Any) -> audit.AuditEvent:
    """Say in the audit what happened to the application."""
    return audit.record(
        stream=application.fair.stream, actor=actor, verb=verb, subject=application.code, **facts
    )


def chosen_products(organisation: Organisation, day: date, codes: Collection[str]) -> list[Product]:
    """The organisation's products with these codes, judged as on `day`, the fair's last.

    Raises DomainError `apply.products_missing`, `apply.product_unknown`, `apply.product_barred`.
    """
    offered = offered_products(organisation, day)
    known = {each.product.code: each for each in offered}
    if not codes:
        raise DomainError("apply.products_missing", _("Choose at least one product."))
    if not known.keys() >= set(codes):
        raise DomainError(
            "apply.product_unknown",
            _("One of these products is not a product of %(name)s. Choose from the list."),
            name=str(organisation),
        )
    for code in codes:
        if not known[code].can_be_chosen:
            raise DomainError(
                "apply.product_barred",
                _("“%(product)s” cannot be brought: its certificate was withdrawn."),
                product=str(known[code].product),
            )
    return [each.product for each in offered if each.product.code in codes]
