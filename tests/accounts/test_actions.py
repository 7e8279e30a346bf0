"""One-time links and roles: what is written, what is refused, what is recorded."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts.actions import (
    grant_role,
    make_sign_in_link,
    open_link,
    revoke_role,
    spend_sign_in_link,
)
from accounts.models import Grant, Role, SignInLink, User
from core.audit import AuditEvent, find_breaks
from core.codes import token_hash
from core.errors import DomainError, NotAllowed, StaleState
from tests.builders import make_fair, make_organiser, make_user

pytestmark = pytest.mark.django_db


def _token(user: User, **options: timedelta) -> str:
    return make_sign_in_link(user=user, actor=None, **options).rstrip("/").rpartition("/")[2]


def _verbs() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.filter(stream="office").values_list("verb", "subject"))


def test_a_link_is_shown_once_and_only_its_hash_is_kept(settings: Settings) -> None:
    settings.SITE_URL = "https://chophien.example"
    user, officer = make_user(), make_user(role=Role.COMMUNE_OFFICER)
    address = make_sign_in_link(user=user, actor=officer)
    token = address.removeprefix("https://chophien.example/in/").rstrip("/")
    link = SignInLink.objects.get()
    assert (link.user, link.created_by, link.token_hash) == (user, officer, token_hash(token))
    event = AuditEvent.objects.get()
    assert (event.actor, event.verb) == (officer, "accounts.link_made")
    assert (event.subject, event.facts) == (f"user:{user.pk}", {"link": link.token_hash})


def test_a_link_is_refused_to_those_who_may_not_and_for_those_who_may_not_sign_in() -> None:
    with pytest.raises(NotAllowed) as refused:
        make_sign_in_link(user=make_organiser(), actor=make_user(role=Role.COMMUNE_OFFICER))
    assert refused.value.code == "link.not_allowed"
    with pytest.raises(DomainError) as closed:
        make_sign_in_link(user=make_user(is_active=False), actor=make_organiser())
    assert closed.value.code == "link.inactive"
    assert (SignInLink.objects.count(), _verbs()) == (0, [])


def test_a_link_signs_in_once() -> None:
    user = make_user()
    token = _token(user)
    assert spend_sign_in_link(token=token) == user
    with pytest.raises(DomainError) as again:
        spend_sign_in_link(token=token)
    assert again.value.code == "link.used"
    subject = f"user:{user.pk}"
    assert _verbs() == [("accounts.link_made", subject), ("accounts.link_used", subject)]
    assert list(find_breaks()) == []


def test_of_two_who_press_at_the_same_time_the_second_is_told() -> None:
    token = _token(make_user())
    spent_by_the_first: list[str] = []

    def spend_it_first(execute: Any, sql: str, *rest: Any) -> Any:
        # Both have seen the link unused; the first one's write comes just before the second's.
        if sql.startswith("UPDATE") and "signinlink" in sql and not spent_by_the_first:
            spent_by_the_first.append(sql)
            SignInLink.objects.update(used_at=timezone.now())
        return execute(sql, *rest)

    with connection.execute_wrapper(spend_it_first), pytest.raises(DomainError) as late:
        spend_sign_in_link(token=token)
    assert (late.value.code, len(spent_by_the_first)) == ("link.used", 1)
    assert [verb for verb, _subject in _verbs()] == ["accounts.link_made"]


def test_a_link_ends_when_its_life_does() -> None:
    with time_machine.travel("2026-11-20T08:00:00+07:00", tick=False):
        token = _token(make_user(), life=timedelta(hours=2))
    with time_machine.travel("2026-11-20T09:59:59+07:00", tick=False):
        assert open_link(token).used_at is None
    ended = time_machine.travel("2026-11-20T10:00:00+07:00", tick=False)
    with ended, pytest.raises(DomainError) as late:
        spend_sign_in_link(token=token)
    assert late.value.code == "link.expired"
    assert SignInLink.objects.get().used_at is None


def test_every_dead_link_gives_the_same_words() -> None:
    used, expired, closed = _token(make_user()), _token(make_user(), life=timedelta(0)), make_user()
    shut = _token(closed)
    spend_sign_in_link(token=used)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    told = {}
    for token in (used, expired, shut, "nobody-ever-made-this"):
        with pytest.raises(DomainError) as error:
            spend_sign_in_link(token=token)
        told[token] = error.value
    assert [error.code for error in told.values()] == [
        "link.used",
        "link.expired",
        "link.unknown",
        "link.unknown",
    ]
    assert len({str(error) for error in told.values()}) == 1


def test_a_role_is_given_once_and_recorded_once() -> None:
    fair = make_fair()
    organiser, user = make_organiser(fair), make_user()
    for _time in range(2):
        grant_role(user=user, role=Role.VIEWER, fair_code=fair.code, actor=organiser)
    assert user.roles == (("viewer", fair.code),)
    event = AuditEvent.objects.get()
    assert (event.verb, event.subject) == ("accounts.role_granted", f"user:{user.pk}")
    assert event.facts == {"role": "viewer", "fair": fair.code}


def test_a_role_is_taken_back_and_a_second_time_is_told() -> None:
    boss, user = make_organiser(), make_user(role=Role.REVIEWER)
    revoke_role(user=user, role=Role.REVIEWER, actor=boss)
    assert user.roles == ()
    with pytest.raises(StaleState) as again:
        revoke_role(user=user, role=Role.REVIEWER, actor=boss)
    assert again.value.code == "grant.missing"
    assert _verbs() == [("accounts.role_revoked", f"user:{user.pk}")]


@pytest.mark.parametrize(
    ("role", "fair_code", "code"),
    [("viewer", "", "grant.not_allowed"), ("emperor", "tuan-hang", "grant.role_unknown")],
)
def test_a_wrong_grant_changes_nothing(role: str, fair_code: str, code: str) -> None:
    organiser, user = make_organiser(make_fair(code="tuan-hang")), make_user()
    for action in (grant_role, revoke_role):
        with pytest.raises(DomainError) as error:
            action(user=user, role=role, fair_code=fair_code, actor=organiser)
        assert error.value.code == code
    assert (Grant.objects.filter(user=user).count(), _verbs()) == (0, [])
