"""The organiser's seal: one certified PAdES signature over a finished paper, and nothing after.

A drawing is never called a digital signature; this seal is what protects the file. It has no
picture on the page: a visible stamp would break PDF/A and PDF/UA.
"""

import io
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext_lazy as _
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import TimeStamper

from core.errors import DomainError

FIELD = "ToChucNiemPhong"
DEVELOPMENT_NAME = "Chợ Phiên – khóa thử nghiệm (development key)"

#: Room for the signature in the file; known beforehand, it saves signing twice to measure.
RESERVED = 16_384
RESERVED_WITH_TIMESTAMP = 32_768


class SealError(DomainError):
    """No seal; codes `seal.no_key`, `seal.wrong_passphrase`, `seal.expired`, `seal.wrong_usage`
    and `seal.refused`.
    """


@dataclass(frozen=True, slots=True)
class SealKey:
    """A private key with its certificate, ready to seal."""

    signer: signers.Signer = field(repr=False)
    certificate: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """The hexadecimal SHA-256 of the certificate, which the verdict pins."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def name(self) -> str:
        """The certificate's common name, or its whole subject where it has none."""
        names = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self.certificate.subject.rfc4514_string()

    @property
    def is_development(self) -> bool:
        """Whether this is the key that the product made for itself."""
        return self.name == DEVELOPMENT_NAME

    @property
    def expires_at(self) -> datetime:
        """The last moment of the certificate, aware."""
        return self.certificate.not_valid_after_utc


def require_usable(key: SealKey, *, now: datetime) -> None:
    """Raise SealError `seal.expired` or `seal.wrong_usage` for a key that must not seal now."""
    certificate = key.certificate
    if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
        raise SealError(
            "seal.expired",
            _("The seal's certificate is in force from %(start)s to %(end)s only."),
            start=f"{certificate.not_valid_before_utc:%d/%m/%Y}",
            end=f"{certificate.not_valid_after_utc:%d/%m/%Y}",
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return  # it names no usage, so it forbids none (RFC 5280, 4.2.1.3)
    if not usage.digital_signature and not usage.content_commitment:
        raise SealError("seal.wrong_usage", _("The seal's certificate is not meant for signing."))


def load_key(path: Path, passphrase: bytes) -> SealKey:
    """Read a key from a PKCS#12 file. Raises SealError `seal.no_key` or `seal.wrong_passphrase`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SealError(
            "seal.no_key", _("The seal's key file cannot be read: %(path)s."), path=path.name
        ) from error
    try:
        certificate = pkcs12.load_key_and_certificates(data, passphrase)[1]
        signer = signers.SimpleSigner.load_pkcs12_data(data, [], passphrase)
    except ValueError as error:
        raise SealError(
            "seal.wrong_passphrase",
            _("The seal's key file does not open with this passphrase."),
        ) from error
    if certificate is None:
        raise SealError("seal.no_key", _("The seal's key file holds no certificate."))
    return SealKey(signer=signer, certificate=certificate)


def development_key(path: Path, passphrase: bytes, *, now: datetime) -> SealKey:
    """Load the development key, making it first where there is none.

    Two processes that start at once end with the same key: the file is linked into place
    whole, never replaced, and readable by its owner only.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(_new_development_key(passphrase, now))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another process was first: its key is the key
                os.link(draft, path)
        finally:
            draft.unlink()
    key = load_key(path, passphrase)
    fingerprint_file(path).write_text(key.fingerprint, encoding="ascii")
    return key


def fingerprint_file(path: Path) -> Path:
    """Where the fingerprint of a development key is noted, for those who may not open the key."""
    return path.with_suffix(".sha256")


def seal(
    pdf: bytes,
    key: SealKey,
    *,
    reason: str,
    location: str,
    authority: TimeStamper | None = None,
) -> bytes:
    """Return the paper sealed: PAdES B-B, certified so that no change at all is allowed after.

    With an `authority` the seal carries its timestamp (PAdES B-T), or there is no seal: whatever
    the authority raises passes through.

    The seal carries the moment of sealing, so two seals of one paper differ. Must not be called
    inside a running event loop. Raises SealError `seal.refused` for a paper that is sealed
    already or is no PDF.
    """
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason,
        location=location,
    )
    try:
        output = signers.PdfSigner(metadata, signer=key.signer, timestamper=authority).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(pdf)),
            bytes_reserved=RESERVED_WITH_TIMESTAMP if authority else RESERVED,
        )
    except (PdfError, SigningError) as error:
        raise SealError("seal.refused", _("This paper cannot be sealed.")) from error
    sealed: bytes = output.getvalue()
    return sealed


def _new_development_key(passphrase: bytes, now: datetime) -> bytes:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEVELOPMENT_NAME)])
    moment = now.astimezone(UTC)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        DEVELOPMENT_NAME.encode(),
        private,
        certificate,
        None,
        serialization.BestAvailableEncryption(passphrase),
    )
