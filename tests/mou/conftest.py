"""An organiser and their browser, and a device that keeps a seal's key.

The device is SoftHSM 2, reached by the package python-pkcs11.
"""

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from django.test import Client

from accounts.models import User
from mou.paper.seal import development_key
from tests import builders

PIN = "482913"


@pytest.fixture
def organiser() -> User:
    """An organiser of the whole office."""
    return builders.make_organiser()


@pytest.fixture
def desk(client: Client, organiser: User) -> Client:
    """The organiser's browser."""
    client.force_login(organiser)
    return client


@dataclass(frozen=True)
class Token:
    """SoftHSM's library `module`, with a token `office` that holds a fresh key under `seal`."""

    module: str
    certificate_sha256: str


@pytest.fixture(scope="session")
def token(tmp_path_factory: pytest.TempPathFactory) -> Token:
    """One for all: the library reads where its tokens are once, when a process loads it."""
    if "SOFTHSM" not in os.environ:
        pytest.skip("SOFTHSM names no library")
    folder, library = tmp_path_factory.mktemp("token"), os.environ["SOFTHSM"]
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder}\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    command = ["softhsm2-util", "--module", library, "--init-token", "--free"]
    command += ["--label", "office", "--so-pin", "000000", "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    return Token(library, _store_new_key(library, folder / "seal.p12"))


def _store_new_key(library: str, file: Path) -> str:
    from pkcs11 import Attribute, lib  # noqa: PLC0415 - an optional package
    from pkcs11.util.ec import decode_ec_private_key  # noqa: PLC0415 - of it
    from pkcs11.util.x509 import decode_x509_certificate  # noqa: PLC0415 - of it

    key = development_key(file, b"x", now=datetime.now(UTC))
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
    return key.fingerprint
