"""Writes: what programs ask for, each only of what they have seen (If-Match)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from inspect import unwrap
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.actions.apply import (
    Needs,
    choose_products,
    choose_wishes,
    state_needs,
    submit_application,
)
from booths.actions.desk import start_allocation
from booths.actions.floor_plan import save_floor_plan
from booths.models import AllocationRun, Application, FloorPlan
from core.errors import DomainError, StaleState
from core.locks import lock_row
from fairs.models import Fair

NEEDS = ("booths_wanted", "power_kw", "water", "cold", "cooking")


def etag_of(application: Application) -> str:
    """Changes with every save and with every decision."""
    return f'"{application.version}-{application.state}"'


def plan_etag(version: int) -> str:
    """The current version of a fair's floor plan; 0 before the first."""
    return f'"plan-{version}"'


def runs_etag(fair: Fair) -> str:
    """The number of the fair's newest run; 0 before the first."""
    newest = AllocationRun.objects.filter(fair=fair).values_list("number", flat=True).first()
    return f'"runs-{newest or 0}"'


def require_match(now: str, if_match: str) -> None:
    """Raise unless the caller has seen things as they stand.

    Raises DomainError `request.match_missing`, StaleState `request.match_failed`.
    """
    if not if_match:
        raise DomainError(
            "request.match_missing", _("Send If-Match with the ETag that you have seen.")
        )
    if now not in [tag.strip() for tag in if_match.split(",")]:
        raise StaleState(
            "request.match_failed",
            _("Somebody else has changed this in the meantime. Read it again, then try again."),
        )


# The same actions as on the phone and at the desk, inside one transaction with the check.
_choose_products: Callable[..., Application] = unwrap(choose_products)
_state_needs: Callable[..., Application] = unwrap(state_needs)
_choose_wishes: Callable[..., Application] = unwrap(choose_wishes)
_submit: Callable[..., Application] = unwrap(submit_application)
_save_plan: Callable[..., FloorPlan] = unwrap(save_floor_plan)
_start: Callable[..., AllocationRun] = unwrap(start_allocation)


def _lock_seen(application: Application, if_match: str) -> Application:
    lock_row(application.fair)  # first, as everywhere
    row = lock_row(application)
    require_match(etag_of(row), if_match)
    return row


@transaction.atomic(durable=True)
def change_application(
    *,
    application: Application,
    if_match: str,
    actor: User,
    products: Sequence[str] | None = None,
    wishes: Sequence[Sequence[str]] | None = None,
    needs: Mapping[str, Any],
) -> Application:
    """Change what is brought, needed and wished for; what is left out stays. All or nothing.

    Raises what `require_match`, `choose_products`, `state_needs` and `choose_wishes` raise.
    """
    row = _lock_seen(application, if_match)
    if products is not None:
        row = _choose_products(application=row, seen=row.version, codes=products, actor=actor)
    if needs:
        before = Needs(**{name: getattr(row, name) for name in NEEDS})
        after = Needs(**{**asdict(before), **needs})
        row = _state_needs(application=row, seen=row.version, needs=after, actor=actor)
    if wishes is not None:
        row = _choose_wishes(application=row, seen=row.version, wishes=wishes, actor=actor)
    return row


@transaction.atomic(durable=True)
def send_application(
    *, application: Application, if_match: str, note: str, actor: User
) -> Application:
    """Send the draft in; `note` says who agreed on which paper.

    Raises what `require_match` and `submit_application` raise.
    """
    row = _lock_seen(application, if_match)
    return _submit(application=row, seen=row.version, consent=True, note=note, actor=actor)


@transaction.atomic(durable=True)
def replace_plan(
    *, fair: Fair, if_match: str, document: Mapping[str, Any], actor: User
) -> FloorPlan:
    """Save the document as the next version of the plan that was seen.

    Raises what `require_match` and `save_floor_plan` raise.
    """
    row = lock_row(fair)
    current = FloorPlan.objects.filter(fair=row, is_current=True).first()
    version = current.version if current else 0
    require_match(plan_etag(version), if_match)
    return _save_plan(fair=row, base=version, document=document, actor=actor)


@transaction.atomic(durable=True)
def start_run(*, fair: Fair, if_match: str, actor: User) -> AllocationRun:
    """Ask for a run, if the newest is still the one that was seen; asked twice it starts once.

    Raises what `require_match` and `start_allocation` raise.
    """
    row = lock_row(fair)
    require_match(runs_etag(row), if_match)
    return _start(fair=row, actor=actor)
