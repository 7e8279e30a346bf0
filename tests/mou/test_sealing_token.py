"""A whole worker whose seal's key stays on its device. With SoftHSM 2 and python-pkcs11:

SOFTHSM=/usr/lib/softhsm/libsofthsm2.so pytest tests/mou/test_sealing_token.py
"""

import pytest

from core.audit import find_breaks
from core.storage import open_file
from mou.models import Memorandum, Rendition
from mou.paper.verdict import Word, judge
from mou.states import MemorandumState
from tests.faults.papers import sign_by_all
from tests.mou.conftest import PIN, Token
from tests.services import wait_until
from tests.stage import Stage

PAPERS = 6  # so that each of the worker's two processes seals, with a session of its own


def test_a_worker_seals_with_a_key_that_stays_on_its_device(
    token: Token, backstage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"pkcs11:token=office;object=seal?module-path={token.module}"
    monkeypatch.setenv("TEST_SEAL_KEY_TOKEN", address)
    monkeypatch.setenv("TEST_SEAL_KEY_PASSPHRASE", PIN)
    for _each in range(PAPERS):
        sign_by_all()
    worker = backstage.start_worker()
    wait_until(
        lambda: not Memorandum.objects.exclude(state=MemorandumState.SEALED).exists(),
        what="all are sealed",
    )
    for rendition in Rendition.objects.all():
        assert rendition.certificate_sha256 == token.certificate_sha256
        with open_file(rendition.file) as file:
            sealed = file.read()
        verdict = judge(sealed, known=lambda _: False, pinned=frozenset({token.certificate_sha256}))
        assert verdict.word is Word.SEALED_UNKNOWN  # the seal is good; `known` was not asked for
    assert Rendition.objects.count() == PAPERS
    # No key was made on the side, and nobody can read the PIN.
    assert not (backstage.folder / "keys").exists()
    assert ("development key" in worker.said, PIN in worker.said) == (False, False)
    assert list(find_breaks()) == []


def test_a_worker_whose_device_lets_nobody_in_seals_nothing(
    token: Token, backstage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"pkcs11:token=office;object=seal?module-path={token.module}"
    monkeypatch.setenv("TEST_SEAL_KEY_TOKEN", address)
    monkeypatch.setenv("TEST_SEAL_KEY_PASSPHRASE", "000001")
    worker = backstage.start_worker()
    assert "The seal's key failed its test: seal.token_refused" in worker.said
    assert "000001" not in worker.said
