"""Writes: badges are made and printed, and single ones revoked."""

from collections import Counter
from typing import Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from badges import queries, tasks
from badges.models import Badge, BadgeRole, BadgeSheet
from badges.rendering import content_of, content_sha256, entry_of
from badges.rules import can_print
from badges.states import BADGE, BadgeState
from booths.queries import placements_of
from core import audit, jobs
from core.errors import DomainError, NotAllowed
from core.locks import lock_row
from fairs.models import Fair
from fairs.states import OVER

Scope = Literal["all", "new"]


@transaction.atomic(durable=True)
def print_badges(*, fair: Fair, actor: User, scope: Scope = "all") -> BadgeSheet:
    """Make the badges that are missing and ask for a PDF of all, or of new and changed ones.

    Every placed producer's representative and every organiser of the fair gets a badge; valid
    badges keep their code and token, and the booths on them are brought up to date. While the
    same content is being printed already, that print is returned.

    Raises NotAllowed, DomainError `badges.fair_over`, `badges.not_published`,
    `badges.nothing_new`.
    """
    _require_printer(actor, fair)
    row = lock_row(fair)
    _require_printing_time(row)
    made = _bring_up_to_date(row)
    entries = _entries_of(row, scope)
    if not entries:
        raise DomainError(
            "badges.nothing_new", _("No badge is new or changed since it was printed.")
        )
    content = content_of(row, entries)
    digest = content_sha256(content)
    printing = row.badge_sheets.filter(content_sha256=digest, job__state__in=jobs.OPEN).first()
    if printing:
        return printing
    newest = row.badge_sheets.first()
    sheet = BadgeSheet.objects.create(
        fair=row,
        number=newest.number + 1 if newest else 1,
        content=content,
        content_sha256=digest,
        count=len(entries),
        created_by=actor,
    )
    subject = f"{row.code}:{sheet.number}"
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="badges.print_asked",
        subject=subject,
        badges=len(entries),
        made=made,
        content_sha256=digest,
    )
    sheet.job = tasks.print_badges.ask(key=subject, stream=row.stream, actor=actor, sheet=sheet.pk)
    sheet.save(update_fields=["job"])
    return sheet


@transaction.atomic(durable=True)
def revoke_badge(*, badge: Badge, actor: User) -> Badge:
    """End a badge for good, because it was lost or its bearer does not come.

    If the person still belongs to the fair, the next print makes them a new one. Raises
    NotAllowed, StaleState.
    """
    _require_printer(actor, badge.fair)
    row = lock_row(badge)
    BADGE.move(row, BadgeState.REVOKED)
    audit.record(stream=row.fair.stream, actor=actor, verb="badges.revoked", subject=row.code)
    return row


def _require_printer(actor: User, fair: Fair) -> None:
    if not can_print(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def _require_printing_time(fair: Fair) -> None:
    if fair.state in OVER:
        raise DomainError(
            "badges.fair_over", _("The fair is over; no badges are printed any more.")
        )
    if not queries.is_published(fair):
        raise DomainError(
            "badges.not_published",
            _("Publish the allocation first: a badge carries the booths that were given out."),
        )


def _bring_up_to_date(fair: Fair) -> int:
    """Make missing badges and refresh the booths on all; return how many were made."""
    booths: dict[int | None, str] = {}
    # Counted, not merely looked up, because two organisers may have the same name.
    wanted: Counter[tuple[int | None, str]] = Counter()
    for placement in placements_of(fair):
        # A shared booth has several households, each with a badge of its own.
        for organisation in placement.organisations:
            booths[organisation.pk] = ", ".join(placement.booths)
            wanted[organisation.pk, organisation.representative] = 1
    wanted.update((None, name) for name in queries.organiser_names(fair))
    valid = list(fair.badges.filter(state=BadgeState.VALID))
    for badge in valid:
        badge.booths = booths.get(badge.organisation_id, "")
    Badge.objects.bulk_update(valid, ["booths"])
    missing = wanted - Counter((badge.organisation_id, badge.person) for badge in valid)
    Badge.objects.bulk_create(
        Badge(
            fair=fair,
            organisation_id=organisation,
            person=person,
            role=BadgeRole.PRODUCER if organisation else BadgeRole.ORGANISER,
            booths=booths.get(organisation, ""),
        )
        for organisation, person in missing.elements()
    )
    return missing.total()


def _entries_of(fair: Fair, scope: Scope) -> list[dict[str, str]]:
    badges = [badge for badge in queries.badges_of(fair) if badge.state == BadgeState.VALID]
    entries = [entry_of(badge, fair) for badge in badges]
    if scope == "all":
        return entries
    printed = queries.last_printed(fair)
    return [entry for entry in entries if printed.get(entry["code"]) != entry]
