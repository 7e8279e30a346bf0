"""A seal's key that never leaves its device: a smart card or an HSM, reached by PKCS#11."""

from cryptography import x509
from django.utils.translation import gettext_lazy as _

from mou.paper.seal import SealError, SealKey


def token_key(*, module: str, token: str, label: str, pin: str) -> SealKey:
    """Log in and find the key. A session dies with a fork, so each process asks for its own.

    `module` is the maker's library, `label` that of the key and of its certificate.

    Raises SealError `seal.no_driver` where the package `python-pkcs11` is missing,
    `seal.token_refused` if the device lets nobody in or holds no such key.
    """
    try:
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415 - an optional package
        from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415 - only beside it
        from pyhanko.sign.pkcs11 import (  # noqa: PLC0415 - needs it
            PKCS11Signer,
            open_pkcs11_session,
        )
    except ImportError as error:
        raise SealError(
            "seal.no_driver", _("Sealing with a token needs the package python-pkcs11.")
        ) from error
    try:
        session = open_pkcs11_session(
            module, token_criteria=TokenCriteria(label=token), user_pin=pin
        )
        # Hashing here and signing the hash there is what every device can do.
        signer = PKCS11Signer(session, cert_label=label, use_raw_mechanism=True)
        found = signer.signing_cert
    except (PKCS11Error, OSError, RuntimeError, ValueError) as error:
        raise _refused(error) from error
    if found is None:
        raise _refused("no certificate")
    return SealKey(signer=signer, certificate=x509.load_der_x509_certificate(found.dump()))


def _refused(reason: object) -> SealError:
    return SealError(
        "seal.token_refused",
        _("The seal's token cannot be used: %(reason)s."),
        reason=f"{type(reason).__name__} {reason}".strip(),
    )
