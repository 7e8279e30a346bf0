"""The signed statement of what a register held at a moment, which anybody can keep and check.

The statement is plain JSON, its signature a detached CMS (RFC 5652) that openssl understands:
`openssl cms -verify -binary -inform DER -in N.p7s -content N.json -noverify`.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from mou.paper.canonical import canonical
from mou.paper.seal import SealKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Of the register `log`: `root` (RFC 6962) of the sha256 of its `size` sealed files in the
    order of their sealing, and the hash `head` of the `length`th event of its audit chain."""

    log: str
    number: int
    size: int
    root: str
    head: str
    length: int
    made_at: datetime

    @property
    def text(self) -> bytes:
        """The one spelling of the statement, which is signed."""
        return canonical(
            {
                "checkpoint": self.number,
                "log": self.log,
                "size": self.size,
                "root": self.root,
                "head": self.head,
                "length": self.length,
                "made_at": self.made_at,
            }
        )


def sign(statement: Statement, key: SealKey) -> bytes:
    """The DER of a detached CMS signature. Must not be called inside a running event loop."""
    signed = asyncio.run(key.signer.async_sign_general_data(statement.text, "sha256"))
    return signed.dump()


def signer_of(statement: Statement, signature: bytes) -> str:
    """The hexadecimal SHA-256 of the certificate that signed this; empty if the signature does
    not fit."""
    try:
        data = cms.ContentInfo.load(signature)["content"]
        [signer] = data["signer_infos"]
        serial = signer["sid"].chosen["serial_number"].native
        [certificate] = [
            each.chosen for each in data["certificates"] if each.chosen.serial_number == serial
        ]
        is_intact, is_valid = validate_sig_integrity(
            signer, certificate, "data", hashlib.sha256(statement.text).digest()
        )
    except (ValueError, TypeError, KeyError, SignatureValidationError):
        return ""
    return hashlib.sha256(certificate.dump()).hexdigest() if is_intact and is_valid else ""
