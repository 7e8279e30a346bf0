"""Reads: a fair's badges in the order they are handed out, and their prints."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext

from accounts.models import Grant, Role, User
from badges.models import Badge, BadgeRole, BadgeSheet
from badges.states import BadgeState
from booths.models import AllocationRun
from booths.states import RunState
from core.text import fold, vietnamese_key
from fairs.models import Fair

ROLE_ORDER = {role: order for order, role in enumerate(BadgeRole)}


def badges_of(fair: Fair) -> list[Badge]:
    """All badges of the fair, role by role, within a role from booth to booth."""
    return sorted(fair.badges.select_related("organisation"), key=_handing_out)


def _handing_out(badge: Badge) -> tuple[int, str, str, str, str]:
    """By booth, so that a printed sheet goes to neighbours; those without one come last."""
    organisation = badge.organisation.name if badge.organisation else ""
    return (
        ROLE_ORDER[BadgeRole(badge.role)],
        vietnamese_key(badge.booths) or "~",
        vietnamese_key(organisation),
        vietnamese_key(badge.person),
        badge.code,
    )


def search_badges(badges: list[Badge], typed: str) -> list[Badge]:
    """Those whose person, organisation, booths or code hold every word; accents do not matter."""
    words = fold(typed.replace("-", "")).split()
    return [badge for badge in badges if all(word in _searched(badge) for word in words)]


def _searched(badge: Badge) -> str:
    organisation = badge.organisation.name if badge.organisation else ""
    return fold(f"{badge.person} {organisation} {badge.booths} {badge.code}".replace("-", ""))


@dataclass(frozen=True)
class Figure:
    """How many valid badges there are of what `label` says."""

    label: str
    count: int


def figures_of(badges: list[Badge]) -> list[Figure]:
    """The valid badges, all of them and role by role."""
    valid = Counter(badge.role for badge in badges if badge.state == BadgeState.VALID)
    all_roles = Figure(gettext("Valid badges"), valid.total())
    return [all_roles, *(Figure(str(role.label), valid[role]) for role in BadgeRole)]


def sheets_of(fair: Fair) -> QuerySet[BadgeSheet]:
    """The fair's prints, newest first, without the heavy values they were made from."""
    return fair.badge_sheets.select_related("job", "file", "created_by").defer("content")


def is_published(fair: Fair) -> bool:
    """Whether the fair's booths are given out."""
    return AllocationRun.objects.filter(fair=fair, state=RunState.PUBLISHED).exists()


def find_badge(token: str) -> Badge | None:
    """The badge that a QR speaks of, or None."""
    found = Badge.objects.select_related("fair__venue", "organisation")
    return found.filter(token=token).first()


def organiser_names(fair: Fair) -> list[str]:
    """Those who organise the fair, or every fair of the office; each person once."""
    holding = Grant.objects.filter(role=Role.ORGANISER, fair_code__in=["", fair.code])
    people = User.objects.filter(pk__in=holding.values("user"), is_active=True)
    return list(people.order_by("pk").values_list("name", flat=True))


def last_printed(fair: Fair) -> dict[str, dict[str, str]]:
    """What stood on each badge, by its code, when it was printed last."""
    finished = fair.badge_sheets.filter(file__isnull=False).order_by("number")
    contents = finished.values_list("content", flat=True)
    return {entry["code"]: entry for content in contents for entry in content["badges"]}
