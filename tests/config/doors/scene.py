"""One fair with everything in it, everybody who might come to its doors, and all addresses."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.actions import make_api_token, make_sign_in_link
from accounts.models import Scope, User
from badges.actions import print_badges
from core.tasks import run_job
from fairs.models import Fair
from fairs.states import FairState
from registry.models import Representative
from tests import builders
from tests.booths.scenes import compute_run, make_allocating_fair, publish_run
from tests.config.doors import booths, fairs, memoranda
from tests.config.doors.corner import Corner
from tests.faults.tasks import leave_mark

PEOPLE = (
    "anonymous",
    "stranger",
    "viewer",
    "reviewer",
    "officer",
    "neighbour",  # organises another fair
    "organiser",
    "party",  # acts for one side of the memorandum
)

# allauth's own: who gets in is tested in tests/accounts, here only that nothing breaks.
BORROWED = ("account_", "mfa_")
SESSION = settings.SESSION_COOKIE_NAME


def _routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{space}{entry.name}"
        elif entry.namespace != "admin":
            yield from _routes(entry, f"{entry.namespace}:" if entry.namespace else space)


ROUTES = sorted(set(_routes(get_resolver())))
OURS = [name for name in ROUTES if not name.startswith(BORROWED)]
THEIRS = [name for name in ROUTES if name.startswith(BORROWED)]


def status_of(answer: Any) -> str:
    if answer.streaming:
        answer.getvalue()  # read to the end, a file is closed
    return str(answer.status_code)


@dataclass
class Scene:
    """One fair with everything in it, and everybody's session."""

    sessions: dict[str, str]
    addresses: dict[str, str]
    forms: dict[str, dict[str, Any]]
    places: dict[str, dict[str, Any]]
    files: Path

    def ask(self, who: str, name: str) -> str:
        """The status of a GET, in a browser of their own."""
        answer = self.browser(who).get(self.addresses[name])
        return status_of(answer)

    def press(self, who: str, name: str, **manners: Any) -> str:
        """The status of a POST of what is to be filled in there."""
        answer = self.browser(who, **manners).post(self.addresses[name], self.forms.get(name, {}))
        return status_of(answer)

    def browser(self, who: str, **manners: Any) -> Client:
        client = Client(**manners)
        if self.sessions[who]:
            client.cookies[SESSION] = self.sessions[who]
        return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens in the block is rolled back, a durable transaction too."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)


def build_scene(files: Path) -> Scene:
    """A fair that allocates booths again after it published some, and whose day has come."""
    fair = make_allocating_fair(applications=3, booths=2)
    publish_run(fair)
    Fair.objects.filter(pk=fair.pk).update(state=FairState.ALLOCATING)
    run = compute_run(Fair.objects.get(pk=fair.pk))
    organiser, producer = builders.make_organiser(fair), builders.make_organisation()
    corners = [
        *booths.furnish(fair, run, producer),
        *memoranda.furnish(fair, organiser, producer),
        *fairs.furnish(fair, organiser),
        _badges(fair, organiser),
        _accounts(organiser),
        _job(fair, organiser),
    ]
    places = {name: {"pk": 1} for name in THEIRS}
    forms: dict[str, dict[str, Any]] = {}
    for corner in corners:
        places |= corner.places
        forms |= corner.forms
    here = {"code": fair.code}
    addresses = {name: _address(name, [places.get(name, {}), here]) for name in ROUTES}
    for corner in corners:
        for name, question in corner.questions.items():
            addresses[name] += question
    party = builders.make_representative(producer)
    stand = fair.applications.get(code="DK-1")
    Representative.objects.create(user=party, organisation=stand.organisation)
    people = _people(fair, organiser, party)
    return Scene(
        {who: _session(user) for who, user in people.items()}, addresses, forms, places, files
    )


def _badges(fair: Fair, organiser: User) -> Corner:
    sheet = print_badges(fair=fair, actor=organiser)
    run_job(sheet.job_id)
    badge, here = fair.badges.first(), {"code": fair.code}
    return Corner(
        {
            "badge_public": {"token": badge.token},
            "badge_revoke": {**here, "badge": badge.code},
            "badge_sheet": {**here, "number": sheet.number},
        }
    )


def _accounts(organiser: User) -> Corner:
    make_api_token(user=organiser, label="ERP", scopes=Scope.values, life=timedelta(days=1))
    link = make_sign_in_link(user=builders.make_user(), actor=None)
    return Corner(
        places={
            "sign_in_link": {"token": link.rstrip("/").rpartition("/")[2]},
            "token_revoke": {"number": organiser.api_tokens.get().pk},
            "organisation_page": {"code": builders.make_organisation().code},
        },
        forms={"set_language": {"language": "en"}},
    )


def _job(fair: Fair, organiser: User) -> Corner:
    job = leave_mark.ask(key="mot", stream=fair.stream, actor=organiser, name="mot", gate="")
    return Corner({name: {"token": job.token} for name in ("job", "job_cancel", "job_retry")})


def _people(fair: Fair, organiser: User, party: User) -> dict[str, User | None]:
    people = {
        "anonymous": None,
        "stranger": builders.make_user(),
        "viewer": builders.make_user(role="viewer", fair=fair),
        "reviewer": builders.make_user(role="reviewer", fair=fair),
        "officer": builders.make_user(role="commune_officer", fair=fair),
        "neighbour": builders.make_organiser(builders.make_fair()),
        "organiser": organiser,
        "party": party,
    }
    assert tuple(people) == PEOPLE
    return people


def _session(user: User | None) -> str:
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies[SESSION].value if user else ""


def _address(name: str, choices: list[dict[str, Any]]) -> str:
    """The route's address with what is laid down for it, the fair's code, or nothing."""
    for kwargs in filter(None, choices):
        with suppress(NoReverseMatch):
            return reverse(name, kwargs=kwargs)
    return reverse(name)
