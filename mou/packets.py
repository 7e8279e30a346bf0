"""A signature given offline, as a tablet packs it: sealed for the server, signed by the tablet.

Body: JSON with `key` (what the packet is sent under), `code` and `role`, the tablet's one-time
public key `epk` and `iv`, `data`: AES-256-GCM (associated data: `key`) under HKDF-SHA-256 of the
ECDH secret of `epk` and the signing table's key (P-256). The tablet throws its one-time private
key away, so it cannot open the packet again. Beside the body goes an ECDSA-SHA-256 signature by
the tablet's own key, which its browser does not give out.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from mou.paper.strokes import MAX_BYTES

# Strokes at their largest, twice in base 64, and what is around them.
MAX_BODY = 3 * MAX_BYTES
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
SIZE = 32


class PacketError(DomainError):
    """A packet that no tablet of ours can have made; codes begin with `packet.`."""


@dataclass(frozen=True, kw_only=True)
class Packet:
    """What a signer did: drawn when by the tablet's clock, for which text, with which consents."""

    key: str
    code: str
    role: str
    revision: int
    content_sha256: str
    strokes: str
    consents: tuple[int, ...]
    drawn_at: datetime
    read_seconds: int | None


def table_key(scope: str, secret: str | bytes) -> ec.EllipticCurvePrivateKey:
    """The signing table's private key: made from the server's secret, stored nowhere."""
    plain = secret.encode() if isinstance(secret, str) else secret
    seed = _derive(plain, b"mou-table/1\0" + scope.encode(), length=48)
    return ec.derive_private_key(int.from_bytes(seed) % (ORDER - 1) + 1, ec.SECP256R1())


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """The public half as JWK (RFC 7517)."""
    point = key.public_key().public_numbers()
    x, y = (urlsafe_b64encode(n.to_bytes(SIZE)).decode().rstrip("=") for n in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def read_packet(
    body: str, signature: str, *, device_jwk: Mapping[str, str], keys: Iterable[Any]
) -> Packet:
    """Check whose packet it is and open it with the first of `keys` that fits.

    Raises PacketError `packet.forged` for another tablet's or no signature, `packet.malformed`
    for anything that does not open or is no packet inside.
    """
    try:
        _verify(body.encode(), _bytes(signature), device_jwk)
    except (InvalidSignature, ValueError, TypeError, KeyError) as error:
        raise PacketError("packet.forged", _("This packet is not from this tablet.")) from error
    try:
        outer = json.loads(body)
        inner = json.loads(_decrypt(outer, keys))
        return _packet(outer, inner)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, InvalidTag) as error:
        raise PacketError("packet.malformed", _("This packet cannot be read.")) from error


def _packet(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> Packet:
    if any(outer[name] != inner[name] for name in ("key", "code", "role")):
        raise ValueError("label and content differ")
    read_seconds = inner.get("read_seconds")
    return Packet(
        key=_text(inner["key"], 64),
        code=_text(inner["code"], 16),
        role=_text(inner["role"], 8),
        revision=int(inner["revision"]),
        content_sha256=_text(inner["content_sha256"], 64),
        strokes=_text(inner["strokes"], MAX_BYTES),
        consents=tuple(int(number) for number in inner["consents"]),
        drawn_at=datetime.fromtimestamp(int(inner["drawn_at"]) / 1000, tz=UTC),
        read_seconds=None if read_seconds is None else min(max(int(read_seconds), 0), 10**6),
    )


def _text(value: object, most: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= most or "\0" in value:
        raise ValueError("no text, or too long")
    return value


def _verify(body: bytes, signature: bytes, jwk: Mapping[str, str]) -> None:
    if len(signature) != 2 * SIZE:
        raise ValueError("two numbers of 32 bytes")
    r, s = int.from_bytes(signature[:SIZE]), int.from_bytes(signature[SIZE:])
    der = utils.encode_dss_signature(r, s)
    public_key_of(jwk).verify(der, body, ec.ECDSA(SHA256()))


def _decrypt(outer: Mapping[str, Any], keys: Iterable[ec.EllipticCurvePrivateKey]) -> bytes:
    point = public_key_of(outer["epk"])
    for key in keys:
        secret = _derive(key.exchange(ec.ECDH(), point), b"mou-packet/1", length=SIZE)
        try:
            return AESGCM(secret).decrypt(
                _bytes(outer["iv"]), _bytes(outer["data"]), outer["key"].encode()
            )
        except InvalidTag:
            continue
    raise InvalidTag


def public_key_of(jwk: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    """The key of a JWK on P-256. Raises ValueError or KeyError if it is none."""
    x, y = int.from_bytes(_bytes(jwk["x"])), int.from_bytes(_bytes(jwk["y"]))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _derive(secret: bytes, info: bytes, *, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(secret)


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
