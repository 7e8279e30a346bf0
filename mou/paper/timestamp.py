"""When a paper was sealed, in the word of somebody else: a timestamp after RFC 3161.

The server is a stranger: it is given so much time and so many bytes, is not followed elsewhere,
and its token is taken only if it is signed and speaks of this paper and this question.
"""

import http.client
import socket
import threading
from typing import Any
from urllib.parse import urlsplit

from asn1crypto import cms, tsp
from django.utils.translation import gettext_lazy as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import set_tsp_headers
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from core.errors import NotYet

MAX_ANSWER = 64 * 1024
REPLY = "application/timestamp-reply"

SILENT = _("The timestamp server does not answer.")
WRONG = _("The timestamp server's answer is no timestamp of this paper.")


class TimestampError(NotYet):
    """No timestamp now; codes `timestamp.silent` and `timestamp.wrong`."""


class Authority(TimeStamper):
    """A timestamp server at an address, asked anew for each paper.

    `async_timestamp` raises TimestampError and nothing else.
    """

    def __init__(self, url: str, *, seconds: float = 10) -> None:
        super().__init__()
        self.url = url
        self.seconds = seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask the server. Raises TimestampError."""
        try:
            answer = self._ask(req.dump())
        except (OSError, http.client.HTTPException) as error:
            raise TimestampError("timestamp.silent", SILENT) from error
        return tsp.TimeStampResp.load(answer, strict=True)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """A token for this digest, looked at before it is used."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            await _check_token(token, message_digest)
        except TimestampError:
            raise
        except Exception as error:
            # pyHanko stumbles in many ways over what a server makes up.
            raise TimestampError("timestamp.wrong", WRONG) from error
        return token

    def _ask(self, question: bytes) -> bytes:
        parts = urlsplit(self.url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.netloc, timeout=self.seconds)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.connect()
            with _ends_after(self.seconds, connection.sock) as time:
                connection.request("POST", path, question, set_tsp_headers({}))
                with connection.getresponse() as answer:
                    body = answer.read(MAX_ANSWER + 1)
        finally:
            connection.close()
        if time.is_over:
            raise TimeoutError
        is_reply = answer.headers.get_content_type() == REPLY
        if answer.status != http.client.OK or not is_reply or len(body) > MAX_ANSWER:
            raise TimestampError("timestamp.wrong", WRONG)
        return body


class _ends_after:  # noqa: N801 - reads as a phrase in a `with` line
    """Shuts a socket after so many seconds, however slowly bytes still trickle in."""

    def __init__(self, seconds: float, line: socket.socket) -> None:
        self.timer = threading.Timer(seconds, self._shut, [line])
        self.timer.daemon = True
        self.is_over = False

    def _shut(self, line: socket.socket) -> None:
        self.is_over = True
        try:
            line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it is closed already

    def __enter__(self) -> "_ends_after":
        self.timer.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.timer.cancel()


async def _check_token(token: cms.ContentInfo, digest: bytes) -> None:
    """Raise TimestampError unless the token is signed, by whomever, and holds our digest."""
    signed = token["content"]
    # Whoever signed is their own root here: what counts is that the seal will carry it whole.
    roots = [wrapped.chosen for wrapped in signed["certificates"]]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    facts: dict[str, Any] = await generic_cms.validate_tst_signed_data(
        signed, context, expected_tst_imprint=lambda _algorithm: digest
    )
    status = TimestampSignatureStatus(**facts)
    if not (status.intact and status.valid):
        raise TimestampError("timestamp.wrong", WRONG)
