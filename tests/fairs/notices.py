"""Notices and whom they reach, for the tests of notices."""

from typing import Any

from accounts.models import User
from core.tasks import run_job
from fairs.actions.notices import NoticeContent, send_notice
from fairs.models import Fair, Notice
from fairs.queries.notices import Audience
from registry.models import Organisation
from tests import builders


def make_producer(email: str = "a@mau.example", **fields: Any) -> Organisation:
    return builders.make_organisation(email=email, **fields)


def content_of(**fields: Any) -> NoticeContent:
    """An invitation to everybody, unless said otherwise."""
    values = {"subject": "Mời tham gia", "body": "Xin mời.", "audience": Audience(), **fields}
    return NoticeContent(**values)


def send(fair: Fair, actor: User, number: int = 1, **fields: Any) -> Notice:
    return send_notice(fair=fair, number=number, content=content_of(**fields), actor=actor)


def work(notice: Notice) -> None:
    """Let the worker send what waits."""
    notice.refresh_from_db()
    run_job(notice.job_id)


def states_of(notice: Notice) -> dict[str, str]:
    """How each delivery stands, by its address."""
    return dict(notice.deliveries.values_list("email", "state"))
