"""A memorandum is drawn up, frozen, signed by three and sealed, each once."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import audit, jobs
from core.audit import AuditEvent
from core.errors import DomainError, NotAllowed, StaleState
from core.tasks import run_job
from fairs.models import Fair
from mou import actions, queries
from mou.models import Memorandum, Rendition, Signature, SignerRole, SigningSession
from mou.paper.verdict import Word
from mou.states import MemorandumState
from tests import builders
from tests.databases import guards_off

pytestmark = pytest.mark.django_db

STROKES = json.dumps(
    [[[20 + 4 * step, 100 + 40 * (step % 3), 0.5, 16 * step] for step in range(40)]]
)


def _signing(**changes: Any) -> dict[str, Any]:
    return {
        "strokes": STROKES,
        "has_consented": True,
        "device_at": datetime(2026, 12, 2, 2, 38, 12, tzinfo=UTC),
        **changes,
    }


@pytest.fixture
def ready() -> Memorandum:
    """A frozen memorandum whose fair's organiser is `created_by`."""
    memorandum = builders.make_memorandum()
    memorandum.created_by = builders.make_organiser(memorandum.fair)
    memorandum.save(update_fields=["created_by"])
    return actions.freeze_memorandum(memorandum=memorandum, actor=memorandum.created_by)


def _sign(memorandum: Memorandum, role: str) -> Signature:
    actor = memorandum.created_by
    assert actor is not None
    token = actions.open_session(memorandum=memorandum, role=role, actor=actor)
    return actions.sign_memorandum(token=token, actor=actor, **_signing())


def _sign_by_all(memorandum: Memorandum) -> Memorandum:
    for role in SignerRole:
        _sign(memorandum, role)
    memorandum.refresh_from_db()
    return memorandum


def test_drawing_up_copies_the_particulars_of_both_parties_and_the_certificates() -> None:
    fair = builders.make_fair("running")
    organiser = builders.make_organiser(fair)
    producer, distributor = builders.make_organisation(), builders.make_distributor()
    product = builders.make_product(producer, stars=4)

    memorandum = actions.draw_up_memorandum(
        fair=fair,
        producer=producer,
        distributor=distributor,
        lines=[actions.Line(product, Decimal(1_200), "month")],
        place="Hà Nội",
        witness="Nguyễn Văn Chí",
        witness_position="Chánh Văn phòng",
        expires_on=timezone.localdate() + timedelta(days=365),
        actor=organiser,
    )
    producer.name = "Another name"
    producer.save()

    assert [party.name for party in memorandum.parties.all()] != [producer.name, distributor.name]
    item = memorandum.items.get()
    assert (item.name, item.stars, item.quantity) == (product.name, 4, Decimal(1_200))
    assert memorandum.state == MemorandumState.DRAFT
    assert AuditEvent.objects.get().verb == "mou.drawn_up"


def test_an_expired_certificate_gives_the_memorandum_no_stars() -> None:
    fair = builders.make_fair("running")
    producer = builders.make_organisation()
    product = builders.make_product(producer, stars=0)
    past = timezone.localdate() - timedelta(days=1)
    builders.make_certification(
        product, decision_date=past - timedelta(days=1000), valid_until=past
    )
    memorandum = actions.draw_up_memorandum(
        fair=fair,
        producer=producer,
        distributor=builders.make_distributor(),
        lines=[actions.Line(product, Decimal(1), "year")],
        place="Hà Nội",
        witness="Nguyễn Văn Chí",
        witness_position="Chánh Văn phòng",
        expires_on=timezone.localdate() + timedelta(days=365),
        actor=None,
    )
    assert memorandum.items.get().stars is None


def test_freezing_takes_the_next_number_of_the_fair_and_hashes_the_content() -> None:
    fair = builders.make_fair("running")
    first, second = (builders.make_memorandum(fair) for _index in range(2))
    for memorandum in (first, second):
        actions.freeze_memorandum(memorandum=memorandum, actor=builders.make_organiser(fair))
    first.refresh_from_db()
    second.refresh_from_db()
    assert [first.number, second.number] == [1, 2]
    assert first.shown_number == f"01/{timezone.localdate().year}/BGN-{fair.register_code}"
    assert len(first.content_sha256) == 64
    assert json.loads(first.content)["party_a"]["name"] == first.parties.get(side="party_a").name


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda row: row.items.all().delete(), "memorandum.no_products"),
        (
            lambda row: Memorandum.objects.filter(pk=row.pk).update(
                expires_on=timezone.localdate()
            ),
            "memorandum.expired",
        ),
        (lambda row: row.parties.update(representative=""), "memorandum.incomplete"),
        (lambda row: row.parties.update(name="Gốm 龍"), "memorandum.unprintable"),
    ],
)
def test_freezing_what_is_not_ready_is_refused_and_takes_no_number(spoil: Any, code: str) -> None:
    memorandum = builders.make_memorandum()
    spoil(memorandum)
    with pytest.raises(DomainError) as refused:
        actions.freeze_memorandum(memorandum=memorandum, actor=None)
    assert refused.value.code == code
    memorandum.refresh_from_db()
    assert (memorandum.state, memorandum.number) == (MemorandumState.DRAFT, None)


def test_freezing_twice_is_refused(ready: Memorandum) -> None:
    with pytest.raises(StaleState) as refused:
        actions.freeze_memorandum(memorandum=ready, actor=ready.created_by)
    assert refused.value.code == "state.illegal"


def test_a_stranger_and_a_viewer_change_nothing(ready: Memorandum) -> None:
    for actor in (builders.make_user(), builders.make_user(role="viewer", fair=ready.fair)):
        with pytest.raises(NotAllowed):
            actions.open_session(memorandum=ready, role="party_a", actor=actor)
    assert SigningSession.objects.count() == 0
    ready.refresh_from_db()
    assert ready.state == MemorandumState.READY


def test_nothing_is_signed_at_a_cancelled_fair(ready: Memorandum) -> None:
    assert ready.created_by is not None
    Fair.objects.update(state="cancelled")
    ready.refresh_from_db()
    with pytest.raises(DomainError) as refused:
        actions.open_session(memorandum=ready, role="party_a", actor=ready.created_by)
    assert refused.value.code == "memorandum.fair_cancelled"


def test_the_witness_signs_last(ready: Memorandum) -> None:
    assert ready.created_by is not None
    _sign(ready, SignerRole.PARTY_B)
    with pytest.raises(DomainError) as refused:
        actions.open_session(memorandum=ready, role=SignerRole.WITNESS, actor=ready.created_by)
    assert refused.value.code == "signing.not_their_turn"


def test_nobody_signs_twice(ready: Memorandum) -> None:
    assert ready.created_by is not None
    _sign(ready, SignerRole.PARTY_A)
    with pytest.raises(DomainError) as refused:
        actions.open_session(memorandum=ready, role=SignerRole.PARTY_A, actor=ready.created_by)
    assert refused.value.code == "signing.not_their_turn"


def test_the_database_refuses_a_second_signature_for_a_role(ready: Memorandum) -> None:
    signature = _sign(ready, SignerRole.PARTY_A)
    session = SigningSession.objects.create(
        memorandum=ready,
        revision=1,
        role=SignerRole.PARTY_A,
        token_hash="x",
        operator=builders.make_user(),
        expires_at=timezone.now(),
    )
    signature.pk, signature.session = None, session
    with pytest.raises(IntegrityError), transaction.atomic():
        signature.save(force_insert=True)


def test_a_turn_is_used_once(ready: Memorandum) -> None:
    actor = ready.created_by
    assert actor is not None
    token = actions.open_session(memorandum=ready, role=SignerRole.PARTY_A, actor=actor)
    actions.sign_memorandum(token=token, actor=actor, **_signing())
    with pytest.raises(DomainError) as refused:
        actions.sign_memorandum(token=token, actor=actor, **_signing())
    assert refused.value.code == "signing.session_over"
    assert Signature.objects.count() == 1


def test_beginning_a_turn_anew_ends_the_one_before(ready: Memorandum) -> None:
    actor = ready.created_by
    assert actor is not None
    old = actions.open_session(memorandum=ready, role=SignerRole.PARTY_A, actor=actor)
    actions.open_session(memorandum=ready, role=SignerRole.PARTY_B, actor=actor)
    with pytest.raises(DomainError) as refused:
        actions.sign_memorandum(token=old, actor=actor, **_signing())
    assert refused.value.code == "signing.session_over"


def test_a_turn_ends_after_ten_minutes(ready: Memorandum) -> None:
    actor = ready.created_by
    assert actor is not None
    token = actions.open_session(memorandum=ready, role=SignerRole.PARTY_A, actor=actor)
    later = time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False)
    with later, pytest.raises(DomainError) as refused:
        actions.sign_memorandum(token=token, actor=actor, **_signing())
    assert refused.value.code == "signing.session_over"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"has_consented": False}, "signing.consent_missing"),
        ({"strokes": "[]"}, "strokes.malformed"),
        ({"strokes": "[[[1,1,0.5,0]]]"}, "strokes.too_short"),
        ({"strokes": "[[[NaN,1,0.5,0]]]"}, "strokes.not_a_number"),
    ],
)
def test_a_refused_signature_leaves_the_turn_open(
    ready: Memorandum, changes: dict[str, Any], code: str
) -> None:
    actor = ready.created_by
    assert actor is not None
    token = actions.open_session(memorandum=ready, role=SignerRole.PARTY_A, actor=actor)
    with pytest.raises(DomainError) as refused:
        actions.sign_memorandum(token=token, actor=actor, **_signing(**changes))
    assert refused.value.code == code
    assert Signature.objects.count() == 0
    actions.sign_memorandum(token=token, actor=actor, **_signing())
    assert Signature.objects.count() == 1


def test_a_signature_is_bound_to_the_content_it_was_given_for(ready: Memorandum) -> None:
    signature = _sign(ready, SignerRole.PARTY_A)
    record = json.loads(signature.record)
    assert record["content_sha256"] == ready.content_sha256
    assert record["strokes_sha256"] == signature.strokes_sha256
    assert record["signer"] == ready.parties.get(side="party_a").representative


def test_declining_needs_a_reason_and_ends_the_memorandum(ready: Memorandum) -> None:
    actor = ready.created_by
    assert actor is not None
    token = actions.open_session(memorandum=ready, role=SignerRole.PARTY_A, actor=actor)
    with pytest.raises(DomainError) as refused:
        actions.decline_memorandum(token=token, reason="", actor=actor)
    assert refused.value.code == "signing.reason_missing"
    actions.decline_memorandum(token=token, reason="Giá chưa thống nhất", actor=actor)
    ready.refresh_from_db()
    assert (ready.state, ready.number) == (MemorandumState.DECLINED, 1)


def test_the_third_signature_asks_for_the_seal_and_the_worker_gives_it(
    ready: Memorandum,
) -> None:
    signed = _sign_by_all(ready)
    assert (signed.state, signed.job.state) == (MemorandumState.SIGNED, jobs.State.WAITING)
    assert queries.genuine_memorandum(signed.code) == signed

    run_job(signed.job.pk)

    signed.refresh_from_db()
    rendition = Rendition.objects.select_related("file").get()
    assert signed.state == MemorandumState.SEALED
    verdict, memorandum = queries.verdict_on(rendition.file.read())
    assert (verdict.word, memorandum) == (Word.ORIGINAL, signed)
    altered = rendition.file.read().replace(b"/Producer", b"/Producex", 1)
    assert queries.verdict_on(altered)[0].word is Word.ALTERED
    assert list(audit.find_breaks()) == []


def test_sealing_twice_gives_one_original(ready: Memorandum) -> None:
    signed = _sign_by_all(ready)
    run_job(signed.job.pk)
    run_job(signed.job.pk)
    assert Rendition.objects.count() == 1


def test_content_changed_behind_our_back_is_never_sealed(ready: Memorandum) -> None:
    signed = _sign_by_all(ready)
    forged = signed.content.replace('"quantity":"500"', '"quantity":"999"')
    assert forged != signed.content
    with guards_off():
        Memorandum.objects.filter(pk=signed.pk).update(content=forged)
    run_job(signed.job.pk)
    signed.job.refresh_from_db()
    assert signed.job.state == jobs.State.FAILED
    assert Rendition.objects.count() == 0


def test_a_failed_seal_can_be_tried_again(ready: Memorandum) -> None:
    signed = _sign_by_all(ready)
    content = signed.content
    with guards_off():
        Memorandum.objects.filter(pk=signed.pk).update(content=content.replace("500", "999"))
    run_job(signed.job.pk)
    with guards_off():
        Memorandum.objects.filter(pk=signed.pk).update(content=content)
    signed.job.refresh_from_db()
    assert signed.job is not None
    jobs.retry_job(signed.job)
    run_job(signed.job.pk)
    signed.refresh_from_db()
    assert signed.state == MemorandumState.SEALED
