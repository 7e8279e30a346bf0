"""Reads: memoranda through the gate, and what counts them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core import codes
from core.errors import NotAllowed
from fairs.models import Measure
from fairs.queries import counts, fairs_of
from mou.models import Memorandum, Party, Signature
from mou.rules import can_operate
from mou.states import GENUINE


def with_particulars(memoranda: QuerySet[Memorandum]) -> QuerySet[Memorandum]:
    """With everything that a page or a paper says of them."""
    live = Signature.objects.filter(superseded_at__isnull=True)
    rows = memoranda.select_related("fair", "fair__venue", "wording", "job", "ceremony", "station")
    return rows.prefetch_related(
        "parties", "items", Prefetch("signatures", live, to_attr="live_signatures"), "renditions"
    )


@dataclass(frozen=True)
class Related:
    """What a memorandum amends or replaces, and what amends or replaces it."""

    annex_of: Memorandum | None
    annexes: list[Memorandum]
    replaces: Memorandum | None
    replaced_by: Memorandum | None


def related_of(memorandum: Memorandum, *, is_public: bool) -> Related:
    """The memoranda beside this one; the public hears of sealed ones only."""
    beside = Q(annex_of=memorandum) | Q(replaces=memorandum)
    above = [memorandum.annex_of_id, memorandum.replaces_id]
    found = Memorandum.objects.select_related("fair").filter(beside | Q(pk__in=filter(None, above)))
    rows = [row for row in found.order_by("pk") if not is_public or row.state in GENUINE]
    return Related(
        annex_of=next((row for row in rows if row.pk == memorandum.annex_of_id), None),
        annexes=[row for row in rows if row.annex_of_id == memorandum.pk],
        replaces=next((row for row in rows if row.pk == memorandum.replaces_id), None),
        replaced_by=next((row for row in rows if row.replaces_id == memorandum.pk), None),
    )


def memoranda_of(actor: Any) -> QuerySet[Memorandum]:
    """The memoranda of the fairs that `actor` may see, and those of their own organisations."""
    if not actor.is_authenticated:
        return Memorandum.objects.none()
    own = Party.objects.filter(organisation__representatives__user=actor).values("memorandum")
    seen = Q(fair__in=fairs_of(actor).values("pk")) | Q(pk__in=own)
    return with_particulars(Memorandum.objects.filter(seen))


def code_of(typed: str) -> str:
    """The code that was meant; no longer than a code can be."""
    return codes.normalise(typed)[:16]


def memorandum_for(actor: Any, code: str) -> Memorandum:
    """The memorandum, if `actor` may see it. Raises Memorandum.DoesNotExist for a stranger."""
    return memoranda_of(actor).get(code=code_of(code))


def operated_memorandum_for(actor: Any, code: str) -> Memorandum:
    """The memorandum, if `actor` may run its table. Raises NotAllowed for a mere reader."""
    memorandum = memorandum_for(actor, code)
    if not can_operate(actor, memorandum):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))
    return memorandum


def expires_after(day: date, months: int) -> date:
    """The day `months` after `day`; the last of the month where that month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


@counts(Measure.MEMORANDA)
def count_signed(year: int) -> int:
    """Memoranda sealed at the fairs of that year's plan, void ones left out."""
    return Memorandum.objects.filter(fair__plan__year=year, state__in=GENUINE).count()
