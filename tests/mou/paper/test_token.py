"""A key that stays on its device. With SoftHSM 2 and the package python-pkcs11:

SOFTHSM=/usr/lib/softhsm/libsofthsm2.so pytest tests/mou/paper/test_token.py
"""

import pytest

from core.pdf import Paper
from mou.paper.proof import prove_key
from mou.paper.seal import SealError, seal
from mou.paper.token import token_key
from mou.paper.verdict import Word, judge
from tests.mou.conftest import PIN, Token


def test_paper_is_sealed_with_a_key_that_stays_on_its_device(token: Token, paper: Paper) -> None:
    key = token_key(module=token.module, token="office", label="seal", pin=PIN)
    prove_key(key)
    sealed = seal(paper.content, key, reason="Niêm phong", location="Hà Nội")
    verdict = judge(sealed, known=lambda _: False, pinned=frozenset({key.fingerprint}))
    assert verdict.word is Word.SEALED_UNKNOWN


@pytest.mark.parametrize(
    "wrong", [{"pin": "000001"}, {"token": "other"}, {"label": "other"}, {"module": "/none.so"}]
)
def test_device_that_cannot_be_used_says_why(token: Token, wrong: dict[str, str]) -> None:
    right = {"module": token.module, "token": "office", "label": "seal", "pin": PIN}
    with pytest.raises(SealError) as caught:
        token_key(**{**right, **wrong})
    assert caught.value.code == "seal.token_refused"
    assert PIN not in str(caught.value)
