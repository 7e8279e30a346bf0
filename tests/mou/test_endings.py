"""After the signing: amended by an annex, replaced, terminated, expired, voided by two."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from core.errors import DomainError, NotAllowed, StaleState
from core.jobs import Job
from core.tasks import run_job
from mou import actions, queries, tasks
from mou.models import Memorandum
from mou.paper.content import content_sha256
from mou.rendering import frozen_content, memorandum_text
from mou.states import MemorandumState
from tests import builders
from tests.mou.scenes import make_frozen, make_sealed, seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> Memorandum:
    """A memorandum in force."""
    return make_sealed()


def _said(code: str) -> str:
    """What the verify page says."""
    return Client().get(reverse("verify_code", args=[code]), {"lang": "en"}).content.decode()


def _organiser(row: Memorandum) -> User:
    return builders.make_organiser(row.fair)


def test_an_annex_says_what_changes_and_is_shown_beside_its_memorandum(sealed: Memorandum) -> None:
    organiser = _organiser(sealed)
    annex = actions.draw_up_annex(memorandum=sealed, actor=organiser)
    annex.items.update(quantity_thousandths=900_000)
    assert queries.related_of(sealed, is_public=True).annexes == []
    annex = actions.freeze_memorandum(memorandum=annex, actor=organiser)
    said = frozen_content(annex).annex
    assert said is not None
    assert (said.number, said.of, said.content_sha256) == (
        1,
        sealed.shown_number,
        sealed.content_sha256,
    )
    [change] = said.changes
    assert "500 kg/tháng" in change.old
    assert "900 kg/tháng" in change.new
    assert memorandum_text(annex)["annex"]["of"] == sealed.shown_number
    annex = seal(annex, organiser)
    assert annex.state == MemorandumState.SEALED
    assert (sealed.number, annex.number) == (1, 2)
    assert annex.shown_number in _said(sealed.code)
    assert sealed.shown_number in _said(annex.code)
    sealed.refresh_from_db()
    assert sealed.state == MemorandumState.SEALED


def test_a_second_annex_says_what_changes_since_the_first(sealed: Memorandum) -> None:
    organiser = _organiser(sealed)
    for number, quantity in enumerate((900, 1_000), start=1):
        annex = actions.draw_up_annex(memorandum=sealed, actor=organiser)
        annex.items.update(quantity_thousandths=quantity * 1_000)
        annex = actions.freeze_memorandum(memorandum=annex, actor=organiser)
        said = frozen_content(annex).annex
        assert said is not None
        assert said.number == number
        seal(annex, organiser)
    assert "900 kg" in said.changes[0].old


def test_an_annex_that_changes_nothing_is_not_frozen_and_has_no_annex_itself(
    sealed: Memorandum,
) -> None:
    annex = actions.draw_up_annex(memorandum=sealed, actor=None)
    with pytest.raises(DomainError) as refused:
        actions.freeze_memorandum(memorandum=annex, actor=None)
    assert refused.value.code == "annex.no_changes"
    annex.items.update(quantity_thousandths=9_000)
    annex = seal(actions.freeze_memorandum(memorandum=annex, actor=None), _organiser(sealed))
    with pytest.raises(DomainError) as refused:
        actions.draw_up_annex(memorandum=annex, actor=None)
    assert refused.value.code == "annex.of_annex"


def test_content_without_an_annex_is_spelled_as_ever() -> None:
    row = make_frozen()
    assert '"annex":' not in row.content
    assert content_sha256(frozen_content(row)) == row.content_sha256


def test_a_replacement_ends_the_old_one_when_it_is_sealed(sealed: Memorandum) -> None:
    organiser = _organiser(sealed)
    new = actions.draw_up_replacement(memorandum=sealed, actor=organiser)
    with pytest.raises(DomainError) as refused:
        actions.draw_up_replacement(memorandum=sealed, actor=organiser)
    assert refused.value.code == "memorandum.replaced_already"
    new = actions.freeze_memorandum(memorandum=new, actor=organiser)
    sealed.refresh_from_db()
    assert sealed.state == MemorandumState.SEALED
    new = seal(new, organiser)
    sealed.refresh_from_db()
    assert (sealed.state, sealed.ended_on) == (MemorandumState.TERMINATED, timezone.localdate())
    assert new.shown_number in sealed.state_reason
    assert new.shown_number in _said(sealed.code)


def test_what_is_not_in_force_is_neither_amended_nor_replaced_nor_terminated() -> None:
    row = make_frozen()
    for change in (actions.draw_up_annex, actions.draw_up_replacement):
        with pytest.raises(DomainError) as refused:
            change(memorandum=row, actor=None)
        assert refused.value.code == "memorandum.not_in_force"
    with pytest.raises(StaleState):
        actions.terminate_memorandum(
            memorandum=row,
            ended_on=timezone.localdate(),
            reason="Hết hàng",
            notice=None,
            actor=None,
        )


def test_terminating_keeps_the_notice_and_the_verify_page_says_so_at_once(
    sealed: Memorandum, client: Client
) -> None:
    client.force_login(_organiser(sealed))
    address = reverse("memorandum_terminate", args=[sealed.code])
    today = f"{timezone.localdate():%d/%m/%Y}"
    notice = SimpleUploadedFile("thong-bao.pdf", b"%PDF-1.7 notice")
    client.post(address, {"ended_on": today, "reason": "Bên B ngừng", "notice": notice})
    sealed.refresh_from_db()
    assert sealed.state == MemorandumState.TERMINATED
    page = _said(sealed.code)
    assert today in page
    assert "Bên B ngừng" not in page
    kept = client.get(reverse("memorandum_notice", args=[sealed.code]))
    assert b"".join(kept) == b"%PDF-1.7 notice"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ended_on", "31/12/2099"),
        ("ended_on", "01/01/2001"),
        ("ended_on", "hôm qua"),
        ("reason", " \u200b "),
        ("notice", SimpleUploadedFile("x.pdf", b"<svg onload=alert(1)>")),
    ],
)
def test_a_wrong_termination_is_told_at_its_field_and_changes_nothing(
    sealed: Memorandum, client: Client, field: str, value: object
) -> None:
    client.force_login(_organiser(sealed))
    sent = {"ended_on": f"{timezone.localdate():%d/%m/%Y}", "reason": "Bên B ngừng", field: value}
    answer = client.post(reverse("memorandum_terminate", args=[sealed.code]), sent)
    assert answer.status_code == 422
    assert list(answer.context["termination"].errors) == [field]
    sealed.refresh_from_db()
    assert sealed.state == MemorandumState.SEALED


def test_two_people_void_a_memorandum_and_its_number_stays(
    sealed: Memorandum, client: Client
) -> None:
    first, second = _organiser(sealed), _organiser(sealed)
    address = reverse("memorandum_void", args=[sealed.code])
    client.force_login(first)
    client.post(address, {"answer": "ask", "reason": "Nhầm bên"})
    client.post(address, {"answer": "agree"})
    sealed.refresh_from_db()
    assert (sealed.state, sealed.void_asked_by) == (MemorandumState.SEALED, first)
    client.force_login(second)
    client.post(address, {"answer": "agree"})
    sealed.refresh_from_db()
    assert (sealed.state, sealed.void_agreed_by, sealed.number) == ("void", second, 1)
    with translation.override("en"):
        assert sealed.shown_number in _said(sealed.code)


def test_a_void_that_was_asked_for_is_refused_or_taken_back(sealed: Memorandum) -> None:
    organiser = _organiser(sealed)
    actions.ask_void(memorandum=sealed, reason="Nhầm bên", actor=organiser)
    with pytest.raises(DomainError) as refused:
        actions.ask_void(memorandum=sealed, reason="Nhầm bên", actor=organiser)
    assert refused.value.code == "void.asked_already"
    with pytest.raises(NotAllowed):
        actions.agree_void(memorandum=sealed, actor=organiser)
    with pytest.raises(NotAllowed):
        actions.agree_void(memorandum=sealed, actor=builders.make_user())
    actions.refuse_void(memorandum=sealed, actor=organiser)
    with pytest.raises(StaleState):
        actions.agree_void(memorandum=sealed, actor=_organiser(sealed))
    sealed.refresh_from_db()
    assert (sealed.state, sealed.state_reason) == ("sealed", "")


def test_the_database_refuses_a_void_by_one_person(sealed: Memorandum) -> None:
    one = _organiser(sealed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Memorandum.objects.update(state="void", void_asked_by=one, void_agreed_by=one)


def test_it_is_shown_as_expired_from_midnight_and_the_daily_job_writes_it_down_once(
    sealed: Memorandum,
) -> None:
    assert sealed.expires_on is not None
    after = timezone.now().replace(
        year=sealed.expires_on.year, month=sealed.expires_on.month, day=sealed.expires_on.day
    ) + timedelta(days=1)
    with time_machine.travel(after, tick=False):
        with translation.override("vi"):
            before = _said(sealed.code)
        for _twice in range(2):
            tasks.ask_daily()
        [job] = Job.objects.filter(kind="mou.expire")
        run_job(job.pk)
        sealed.refresh_from_db()
        assert (sealed.state, sealed.ended_on) == ("expired", sealed.expires_on)
        notice = before[before.index("notice") :][:200]
        assert notice in _said(sealed.code)
