"""The superuser's pages: people, roles, and the record of both."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import Grant, User
from core.audit import AuditEvent
from tests.builders import make_user

pytestmark = pytest.mark.django_db

PERSON = {
    "name": "Phạm Văn Tư",
    "email": "Tu@ChoPhien.example",
    "language": "vi",
    "is_active": "on",
}


@pytest.fixture
def boss(client: Client) -> User:
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.usefixtures("boss")
def test_a_person_is_entered_without_a_password(client: Client) -> None:
    page = client.get("/admin/accounts/user/add/")
    assert list(page.context["adminform"].form.fields) == [
        "name",
        "email",
        "language",
        "is_active",
        "is_staff",
        "is_superuser",
    ]
    assert client.post("/admin/accounts/user/add/", PERSON).status_code == 302
    person = User.objects.get(name="Phạm Văn Tư")
    assert (person.email, person.has_usable_password()) == ("tu@chophien.example", False)


@pytest.mark.usefixtures("boss")
def test_an_address_that_was_taken_away_no_longer_signs_in(client: Client) -> None:
    person = make_user(email="cu@chophien.example")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post(f"/admin/accounts/user/{person.pk}/change/", PERSON)
    assert not EmailAddress.objects.exists()


def test_roles_given_and_taken_leave_their_line_in_the_record(client: Client, boss: User) -> None:
    person = make_user()
    role = {"user": person.pk, "role": "viewer", "fair_code": "tuan-hang"}
    client.post("/admin/accounts/grant/add/", role)
    grant = Grant.objects.get()
    assert client.get(f"/admin/accounts/grant/{grant.pk}/change/").status_code == 200
    client.post(
        "/admin/accounts/grant/",
        {"action": "delete_selected", "_selected_action": grant.pk, "post": "yes"},
    )
    assert not Grant.objects.exists()
    events = AuditEvent.objects.values_list("actor", "verb", "subject", "facts")
    facts = {"role": "viewer", "fair": "tuan-hang"}
    assert list(events) == [
        (boss.pk, "accounts.role_granted", f"user:{person.pk}", facts),
        (boss.pk, "accounts.role_revoked", f"user:{person.pk}", facts),
    ]


@pytest.mark.parametrize("path", ["user/", "user/add/", "grant/", "grant/add/"])
def test_staff_who_are_not_superusers_see_nothing_of_it(client: Client, path: str) -> None:
    client.force_login(make_user(is_staff=True))
    assert client.get("/admin/accounts/" + path).status_code == 403
