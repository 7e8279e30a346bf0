"""A key that stays on its device. With SoftHSM 2 and the package python-pkcs11:

SOFTHSM=/usr/lib/softhsm/libsofthsm2.so pytest tests/mou/paper/test_token.py
"""

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from core.pdf import Paper
from mou.paper.proof import prove_key
from mou.paper.seal import SealError, development_key, seal
from mou.paper.token import token_key
from mou.paper.verdict import Word, judge

PIN = "482913"


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> str:
    """SoftHSM's library, with a token `office` that holds a fresh key under `seal`."""
    if "SOFTHSM" not in os.environ:
        pytest.skip("SOFTHSM names no library")
    folder, library = tmp_path_factory.mktemp("token"), os.environ["SOFTHSM"]
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)  # read once, when the library is loaded
    command = ["softhsm2-util", "--module", library, "--init-token", "--free"]
    command += ["--label", "office", "--so-pin", "000000", "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    _store_new_key(library, folder / "seal.p12")
    return library


def _store_new_key(library: str, file: Path) -> None:
    from pkcs11 import Attribute, lib  # noqa: PLC0415 - an optional package
    from pkcs11.util.ec import decode_ec_private_key  # noqa: PLC0415 - of it
    from pkcs11.util.x509 import decode_x509_certificate  # noqa: PLC0415 - of it

    development_key(file, b"x", now=datetime.now(UTC))
    private, certificate, _others = pkcs12.load_key_and_certificates(file.read_bytes(), b"x")
    der = private.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    parts = (
        {**decode_ec_private_key(der), Attribute.SIGN: True},
        decode_x509_certificate(certificate.public_bytes(Encoding.DER)),
    )
    with lib(library).get_token(token_label="office").open(rw=True, user_pin=PIN) as session:
        for part in parts:
            session.create_object(
                {**part, Attribute.TOKEN: True, Attribute.LABEL: "seal", Attribute.ID: b"1"}
            )


def test_paper_is_sealed_with_a_key_that_stays_on_its_device(module: str, paper: Paper) -> None:
    key = token_key(module=module, token="office", label="seal", pin=PIN)
    prove_key(key)
    sealed = seal(paper.content, key, reason="Niêm phong", location="Hà Nội")
    verdict = judge(sealed, known=lambda _: False, pinned=frozenset({key.fingerprint}))
    assert verdict.word is Word.SEALED_UNKNOWN


@pytest.mark.parametrize(
    "wrong", [{"pin": "000001"}, {"token": "other"}, {"label": "other"}, {"module": "/none.so"}]
)
def test_device_that_cannot_be_used_says_why(module: str, wrong: dict[str, str]) -> None:
    right = {"module": module, "token": "office", "label": "seal", "pin": PIN}
    with pytest.raises(SealError) as caught:
        token_key(**{**right, **wrong})
    assert caught.value.code == "seal.token_refused"
    assert PIN not in str(caught.value)
