"""What a tablet without network makes of a signature, as static/js/table-packets.js does."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mou.packets import public_jwk, public_key_of


def seal_packet(
    plain: Mapping[str, Any], *, device: ec.EllipticCurvePrivateKey, table: Mapping[str, str]
) -> dict[str, str]:
    """Encrypt for the table's public key, and sign with the tablet's own."""
    label = {name: plain[name] for name in ("key", "code", "role")}
    once = ec.generate_private_key(ec.SECP256R1())
    shared = once.exchange(ec.ECDH(), public_key_of(table))
    secret = HKDF(SHA256(), 32, salt=None, info=b"mou-packet/1").derive(shared)
    data = AESGCM(secret).encrypt(b"\0" * 12, json.dumps(plain).encode(), label["key"].encode())
    sealed = {"epk": public_jwk(once), "iv": spelled(b"\0" * 12), "data": spelled(data)}
    body = json.dumps({**label, **sealed})
    return {"body": body, "signature": sign_body(body, device)}


def sign_body(body: str, device: ec.EllipticCurvePrivateKey) -> str:
    """The tablet's signature as browsers spell it: both numbers, one after the other."""
    r, s = utils.decode_dss_signature(device.sign(body.encode(), ec.ECDSA(SHA256())))
    return spelled(r.to_bytes(32) + s.to_bytes(32))


def spelled(data: bytes) -> str:
    """Base 64 for addresses, without padding."""
    return urlsafe_b64encode(data).decode().rstrip("=")
