import io
import os
import re
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from core.pdf import Paper
from mou.paper.seal import (
    DEVELOPMENT_NAME,
    SealError,
    SealKey,
    development_key,
    load_key,
    require_usable,
    seal,
)

NOW = datetime.now(tz=UTC)
PASSPHRASE = b"mot hai ba"


def test_development_key_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "seal.p12"
    first = development_key(path, PASSPHRASE, now=NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert development_key(path, PASSPHRASE, now=NOW).fingerprint == first.fingerprint
    assert load_key(path, PASSPHRASE).fingerprint == first.fingerprint
    assert {file.name for file in path.parent.iterdir()} == {"seal.p12", "seal.sha256"}
    assert (first.name, first.is_development) == (DEVELOPMENT_NAME, True)


def test_processes_that_start_at_once_share_one_key(tmp_path: Path) -> None:
    path = tmp_path / "seal.p12"
    with ThreadPoolExecutor(4) as pool:
        keys = list(pool.map(lambda _: development_key(path, PASSPHRASE, now=NOW), range(4)))
    assert {made.fingerprint for made in keys} == {load_key(path, PASSPHRASE).fingerprint}


def test_key_does_not_open_with_another_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "seal.p12"
    development_key(path, PASSPHRASE, now=NOW)
    with pytest.raises(SealError) as caught:
        load_key(path, b"khac")
    assert caught.value.code == "seal.wrong_passphrase"


def test_key_that_is_not_there_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(SealError) as caught:
        load_key(tmp_path / "none.p12", PASSPHRASE)
    assert caught.value.code == "seal.no_key"
    assert str(tmp_path) not in str(caught.value)


def test_key_shows_nothing_of_itself_in_a_log(key: SealKey) -> None:
    assert "signer" not in repr(key)


def test_poppler_finds_the_seal_valid_over_the_whole_document(
    sealed: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(sealed)
    found = subprocess.run(
        ["pdfsig", "-nocert", file],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
    ).stdout
    assert re.findall(r"Signature Validation: (.+)", found) == ["Signature is Valid."]
    assert re.findall(r"Total document signed", found) == ["Total document signed"]
    assert re.findall(r"Signature Type: (.+)", found) == ["ETSI.CAdES.detached"]
    assert re.findall(r"Signature Field Name: (.+)", found) == ["ToChucNiemPhong"]


def test_pyhanko_finds_the_seal_trusted_when_its_certificate_is(
    sealed: bytes, key: SealKey
) -> None:
    reader = PdfFileReader(io.BytesIO(sealed), strict=True)
    (embedded,) = reader.embedded_regular_signatures
    context = ValidationContext(trust_roots=[key.signer.signing_cert], allow_fetching=False)
    status = validate_pdf_signature(embedded, context)
    assert (status.bottom_line, status.docmdp_ok, status.md_algorithm) == (True, True, "sha256")
    assert embedded.sig_object["/Reason"] == "Niêm phong biên bản ghi nhớ"
    assert embedded.sig_object["/Location"] == "Hà Nội"


def test_sealed_paper_begins_with_the_paper_itself(paper: Paper, sealed: bytes) -> None:
    assert sealed.startswith(paper.content)
    assert len(sealed) - len(paper.content) < 40_000


def test_sealed_paper_shows_no_stamp(sealed: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(sealed))
    (field,) = reader.root["/AcroForm"]["/Fields"]
    assert [float(side) for side in field.get_object()["/Rect"]] == [0, 0, 0, 0]


def test_paper_is_not_sealed_twice(sealed: bytes, stranger: SealKey) -> None:
    with pytest.raises(SealError) as caught:
        seal(sealed, stranger, reason="x", location="x")
    assert caught.value.code == "seal.refused"


@pytest.mark.parametrize(("days", "code"), [(-2, "seal.expired"), (0, ""), (3651, "seal.expired")])
def test_key_seals_only_while_its_certificate_is_in_force(
    key: SealKey, days: int, code: str
) -> None:
    assert _refusal(key, now=NOW + timedelta(days=days)) == code


def test_key_whose_certificate_is_meant_for_something_else_seals_nothing(key: SealKey) -> None:
    words = "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
    flags = dict.fromkeys([*words.split(), "key_cert_sign", "crl_sign"], False)
    flags |= {"encipher_only": False, "decipher_only": False, "key_encipherment": True}
    private = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(key.certificate.subject)
        .issuer_name(key.certificate.subject)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.KeyUsage(**flags), critical=True)
        .sign(private, hashes.SHA256())
    )
    assert _refusal(replace(key, certificate=certificate), now=NOW) == "seal.wrong_usage"


def _refusal(key: SealKey, *, now: datetime) -> str:
    try:
        require_usable(key, now=now)
    except SealError as refused:
        return refused.code
    return ""
