"""Who may do what: tables over all roles and scopes."""

import pytest

from accounts.models import DESK, Role, User
from accounts.rules import (
    can_grant,
    can_make_link,
    can_use_desk,
    has_office_role,
    has_role,
    needs_second_factor,
)

HERE, THERE = "tuan-hang", "hoi-cho"


def _person(*roles: tuple[str, str], **fields: bool) -> User:
    """A person with these roles, not stored anywhere."""
    person = User(name="Nguyễn Văn Ưu", **fields)
    person.__dict__["roles"] = roles
    return person


@pytest.mark.parametrize("held", Role.values)
@pytest.mark.parametrize("wanted", Role.values)
@pytest.mark.parametrize(
    ("scope", "place", "expected"),
    [
        ("", None, True),
        ("", "", True),
        ("", HERE, True),
        (HERE, None, True),
        (HERE, "", False),
        (HERE, HERE, True),
        (HERE, THERE, False),
    ],
)
def test_a_role_counts_where_it_is_held_and_nothing_else_does(
    held: str, wanted: str, scope: str, place: str | None, expected: bool
) -> None:
    person = _person((held, scope))
    assert has_role(person, [wanted], place) is (expected and held == wanted)


@pytest.mark.parametrize("place", [None, "", HERE])
def test_a_closed_account_has_no_role_even_a_superuser_s(place: str | None) -> None:
    closed = _person((Role.ORGANISER, ""), is_active=False, is_superuser=True)
    assert has_role(closed, DESK, place) is False
    assert can_make_link(closed, _person()) is False


@pytest.mark.parametrize("place", [None, "", HERE])
def test_a_superuser_has_every_role(place: str | None) -> None:
    assert all(has_role(_person(is_superuser=True), [role], place) for role in Role)


@pytest.mark.parametrize(
    ("roles", "desk", "office", "second_factor"),
    [
        ((), False, False, False),
        (((Role.ORGANISER, ""),), True, True, True),
        (((Role.ORGANISER, HERE),), True, False, True),
        (((Role.REVIEWER, ""),), True, True, False),
        (((Role.VIEWER, HERE),), True, False, False),
        (((Role.COMMUNE_OFFICER, ""),), True, True, False),
    ],
)
def test_what_a_role_opens(
    roles: tuple[tuple[str, str], ...], desk: bool, office: bool, second_factor: bool
) -> None:
    person = _person(*roles)
    assert can_use_desk(person) is desk
    assert has_office_role(person, DESK) is office
    assert needs_second_factor(person) is second_factor


NOBODY = _person()
PEOPLE = {
    "superuser": _person(is_superuser=True),
    "office organiser": _person((Role.ORGANISER, "")),
    "fair organiser": _person((Role.ORGANISER, HERE)),
    "commune officer": _person((Role.COMMUNE_OFFICER, "")),
    "reviewer": _person((Role.REVIEWER, "")),
    "viewer": _person((Role.VIEWER, "")),
    "producer": NOBODY,
}
MAY_MAKE_LINKS_FOR = {
    "superuser": set(PEOPLE),
    "office organiser": set(PEOPLE) - {"superuser"},
    "fair organiser": {"producer"},
    "commune officer": {"producer"},
    "reviewer": set(),
    "viewer": set(),
    "producer": set(),
}


@pytest.mark.parametrize("actor", PEOPLE)
def test_nobody_makes_a_link_that_leads_to_more_rights_than_their_own(actor: str) -> None:
    allowed = {name for name, user in PEOPLE.items() if can_make_link(PEOPLE[actor], user)}
    assert allowed == MAY_MAKE_LINKS_FOR[actor]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        ("superuser", {"", HERE, THERE}),
        ("office organiser", {"", HERE, THERE}),
        ("fair organiser", {HERE}),
        ("commune officer", set()),
        ("reviewer", set()),
        ("viewer", set()),
        ("producer", set()),
    ],
)
def test_organisers_decide_about_roles_where_they_organise(actor: str, expected: set[str]) -> None:
    allowed = {place for place in ("", HERE, THERE) if can_grant(PEOPLE[actor], place)}
    assert allowed == expected
