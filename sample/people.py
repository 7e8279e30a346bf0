"""The people of the sample: one for each role, and one for each side of its memoranda."""

from accounts.models import Grant, Role, User
from registry.models import Organisation, Representative
from sample.names import MARK

# `manage.py sign_in_links` finds the people by it; nobody can have such an address (RFC 2606).
ADDRESS = "@mau.example"
STAFF = (
    (Role.ORGANISER, "organiser", "Nguyễn Thu Hà"),
    (Role.REVIEWER, "reviewer", "Trần Minh Đức"),
    (Role.VIEWER, "viewer", "Lê Ngọc Lan"),
    (Role.COMMUNE_OFFICER, "commune", "Phạm Văn Thành"),
)
ORGANISER_EMAIL = f"organiser{ADDRESS}"


def load_staff() -> None:
    """Write one person for each role at the desk, held everywhere."""
    for role, word, name in STAFF:
        person = User.objects.create_user(name=f"{name} {MARK}", email=f"{word}{ADDRESS}")
        Grant.objects.create(user=person, role=role)


def load_representative(organisation: Organisation, word: str) -> None:
    """Write the person who signs for the organisation as one who can sign in."""
    person = User.objects.create_user(
        name=f"{organisation.representative} {MARK}", email=f"{word}{ADDRESS}"
    )
    Representative.objects.create(user=person, organisation=organisation)


def organiser() -> User:
    """The sample's organiser. Raises User.DoesNotExist before the sample is loaded."""
    return User.objects.get(email=ORGANISER_EMAIL)
