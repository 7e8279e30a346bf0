"""A timestamp server on this machine, honest or not, for tests."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper


class Server(ThreadingHTTPServer):
    """Answers each question as `manner` says; counts the questions."""

    daemon_threads = False  # its end waits for those who still answer
    asked = 0

    def __init__(self, manner: Callable[["Handler", bytes], None]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.manner = manner

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up on a liar is right to."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.asked += 1
        self.server.manner(self, self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        """Where a client arrives that follows a redirect."""
        self.server.asked += 100
        reply(self, b"")

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


def reply(handler: Handler, body: bytes, *, status: int = 200) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", "application/timestamp-reply")
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Location", "/elsewhere")
    handler.end_headers()
    handler.wfile.write(body)


def honest(handler: Handler, question: bytes) -> None:
    reply(handler, _stamp(tsp.TimeStampReq.load(question)))


def of_another_paper(handler: Handler, question: bytes) -> None:
    asked = tsp.TimeStampReq.load(question)
    asked["message_imprint"]["hashed_message"] = bytes(32)
    reply(handler, _stamp(asked))


def of_another_question(handler: Handler, question: bytes) -> None:
    asked = tsp.TimeStampReq.load(question)
    asked["nonce"] = 42
    reply(handler, _stamp(asked))


def badly_signed(handler: Handler, question: bytes) -> None:
    answer = tsp.TimeStampResp.load(_stamp(tsp.TimeStampReq.load(question)))
    [signer] = answer["time_stamp_token"]["content"]["signer_infos"]
    signer["signature"] = bytes(256)
    reply(handler, answer.dump(force=True))


def unwilling(handler: Handler, _question: bytes) -> None:
    reply(handler, bytes.fromhex("30053003020102"))  # PKIStatus 2, rejection


def garbled(handler: Handler, _question: bytes) -> None:
    reply(handler, b"<html>Welcome to our wireless network</html>")


def elsewhere(handler: Handler, _question: bytes) -> None:
    reply(handler, b"", status=302)


def endless(handler: Handler, question: bytes) -> None:
    reply(handler, _stamp(tsp.TimeStampReq.load(question)) + bytes(10_000_000))


def trickling(handler: Handler, _question: bytes) -> None:
    """A byte at a time, so that no single read ever waits for long."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(200):
        try:
            handler.wfile.write(b"0")
        except OSError:
            return
        time.sleep(0.05)


@contextmanager
def served(manner: Callable[[Handler, bytes], None]) -> Iterator[tuple[str, Server]]:
    """Its address and the server itself."""
    with Server(manner) as server:
        thread = Thread(target=server.serve_forever, args=[0.05], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tsr", server
        server.shutdown()
        thread.join()


def _stamp(asked: tsp.TimeStampReq) -> bytes:
    answer = asyncio.run(_authority().async_request_tsa_response(asked))
    return bytes(answer.dump())


@cache
def _authority() -> DummyTimeStamper:
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TSA thử nghiệm")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(private, hashes.SHA256())
    )
    der = private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return DummyTimeStamper(
        asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        keys.PrivateKeyInfo.load(der),
    )
