"""Writes: organising teams and performance crews are added, renamed and taken away."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row
from core.text import fold
from fairs.models import Crew, Team
from fairs.queries.teams import Squad
from fairs.rules import can_plan


def require_office(actor: User | None) -> None:
    """Raise NotAllowed unless `actor` (None is the system) may change venues, teams and crews."""
    if actor is not None and not can_plan(actor):
        raise NotAllowed(
            "office.not_organiser",
            _("Only organisers of the whole office may change venues, teams and crews."),
        )


@transaction.atomic(durable=True)
def add_squad(*, kind: type[Team] | type[Crew], name: str, actor: User | None) -> Squad:
    """Add a team or a crew. Raises NotAllowed, DomainError `team.name_taken`."""
    require_office(actor)
    _require_free_name(kind, name)
    row: Squad = kind.objects.create(name=name)
    _record(row, actor, "added", name=name)
    return row


@transaction.atomic(durable=True)
def rename_squad(*, squad: Squad, seen: str, name: str, actor: User | None) -> Squad:
    """Give it another name than the one that was `seen`.

    Raises what `add_squad` does, and StaleState `team.renamed_meanwhile` with its new name.
    """
    require_office(actor)
    row = lock_row(squad)
    if row.name != seen:
        raise StaleState(
            "team.renamed_meanwhile",
            _("Somebody else has renamed it to “%(name)s” in the meantime."),
            name=row.name,
        )
    if row.name == name:
        return row
    _require_free_name(type(row), name, but=row)
    row.name = name
    row.save(update_fields=["name"])
    _record(row, actor, "renamed", before=seen, after=name)
    return row


@transaction.atomic(durable=True)
def delete_squad(*, squad: Squad, actor: User | None) -> None:
    """Take away a team or a crew that nothing is planned with.

    Raises NotAllowed, DomainError `team.used`, `crew.used`.
    """
    require_office(actor)
    row = lock_row(squad)
    if isinstance(row, Team) and row.fairs.exists():
        raise DomainError(
            "team.used", _("This team has fairs to run. Give them to another team first.")
        )
    if isinstance(row, Crew) and row.sessions.exists():
        raise DomainError(
            "crew.used", _("This crew is in a fair's programme. Take it out there first.")
        )
    _record(row, actor, "deleted", name=row.name)
    row.delete()


def _require_free_name(
    kind: type[Team] | type[Crew], name: str, *, but: Squad | None = None
) -> None:
    taken = {fold(row.name) for row in kind.objects.all() if row != but}
    if fold(name) in taken:
        raise DomainError("team.name_taken", _("There is one of that name already."))


def _record(row: Squad, actor: User | None, what: str, **facts: Any) -> None:
    word = "team" if isinstance(row, Team) else "crew"
    audit.record(
        stream=audit.OFFICE,
        actor=actor,
        verb=f"fairs.{word}_{what}",
        subject=f"{word}:{row.pk}",
        **facts,
    )
