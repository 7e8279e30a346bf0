"""Writes: the seed of the lot is committed to and revealed, or drawn on stage."""

import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.allocation.lottery import combine_numbers, commit_to
from booths.models import SeedDraw
from booths.rules import are_applications_over
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import FairState

BEGINNINGS = (FairState.ANNOUNCED, FairState.REGISTERING)
DRAWING = (FairState.REGISTERING, FairState.ALLOCATING)


@transaction.atomic(durable=True)
def commit_seed(*, fair: Fair, actor: User) -> SeedDraw:
    """Choose a seed by chance, keep it to ourselves and publish its hash.

    Raises NotAllowed, DomainError `seed.too_late` (applications are over), StaleState
    `seed.fixed` (there is a seed, or a commitment to one).
    """
    row = _require_unfixed(fair, actor)
    now = timezone.now()
    if row.state not in BEGINNINGS or are_applications_over(row, now):
        raise DomainError(
            "seed.too_late",
            _("A seed can be committed to only before applications close."),
        )
    secret = secrets.token_hex(16)
    draw = SeedDraw.objects.create(
        fair=row,
        method=SeedDraw.Method.COMMITTED,
        secret=secret,
        commitment=commit_to(secret),
        committed_at=now,
        committed_by=actor,
    )
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="booths.seed_committed",
        subject=row.code,
        commitment=draw.commitment,
    )
    return draw


@transaction.atomic(durable=True)
def reveal_seed(*, fair: Fair, actor: User) -> SeedDraw:
    """Say what the seed is that was committed to; from now on it is the fair's.

    Raises NotAllowed, DomainError `seed.too_early` (applications are still open),
    `seed.not_committed`, `seed.broken` (what was kept is not what was committed to), StaleState
    `seed.fixed`.
    """
    _require_organiser(fair, actor)
    row = lock_row(fair)
    draws = lock_rows(SeedDraw.objects.filter(fair=row, method=SeedDraw.Method.COMMITTED))
    if not draws:
        raise DomainError("seed.not_committed", _("No seed was committed to."))
    (draw,) = draws
    if row.seed or draw.is_open:
        raise StaleState("seed.fixed", _("The seed of this fair is fixed already."))
    _require_over(row)
    if commit_to(draw.secret) != draw.commitment:
        raise DomainError("seed.broken", _("What was kept is not the seed that was committed to."))
    draw.revealed_at, draw.revealed_by = timezone.now(), actor
    draw.save(update_fields=["revealed_at", "revealed_by"])
    row.seed = draw.secret
    row.save(update_fields=["seed"])
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="booths.seed_revealed",
        subject=row.code,
        seed=row.seed,
        commitment=draw.commitment,
    )
    return draw


@transaction.atomic(durable=True)
def draw_seed_on_stage(*, fair: Fair, numbers: Sequence[int], actor: User) -> SeedDraw:
    """Make the seed from numbers that those present called out, in their order.

    Raises NotAllowed, DomainError `seed.too_early`, StaleState `seed.fixed`.
    """
    row = _require_unfixed(fair, actor)
    _require_over(row)
    seed = combine_numbers(row.code, numbers)
    draw = SeedDraw.objects.create(
        fair=row,
        method=SeedDraw.Method.ON_STAGE,
        secret=seed,
        inputs=list(numbers),
        revealed_at=timezone.now(),
        revealed_by=actor,
    )
    row.seed = seed
    row.save(update_fields=["seed"])
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="booths.seed_drawn_on_stage",
        subject=row.code,
        seed=seed,
        numbers=list(numbers),
    )
    return draw


def _require_organiser(fair: Fair, actor: User) -> None:
    if not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def _require_unfixed(fair: Fair, actor: User) -> Fair:
    """The fair, locked, which has neither a seed nor a commitment to one."""
    _require_organiser(fair, actor)
    row = lock_row(fair)
    if row.seed or SeedDraw.objects.filter(fair=row).exists():
        raise StaleState("seed.fixed", _("The seed of this fair is fixed already."))
    return row


def _require_over(fair: Fair) -> None:
    if fair.state not in DRAWING or not are_applications_over(fair, timezone.now()):
        raise DomainError(
            "seed.too_early", _("The seed can be known only after applications have closed.")
        )
