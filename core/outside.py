"""The only door through which the server itself calls another: one POST to a public address.

Whoever may enter an address could otherwise make the server ask its own neighbours. So the name
is resolved once, every address it has must be a public one, and the connection goes to the very
address that was checked: a name that answers differently the second time gains nothing. No
redirect is followed, and of the answer only the status is read.
"""

import socket
import ssl
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

SECONDS = 5
PORTS = {"https": 443, "http": 80}
# Addresses of IPv4 in another dress: a gateway would carry them to where they lead.
TRANSLATED = IPv6Network("64:ff9b::/96")


class Unreachable(Exception):
    """The other side did not answer, or not in HTTP."""


@dataclass(frozen=True)
class _Target:
    parts: SplitResult
    host: str
    port: int


def is_public(address: str) -> bool:
    """Whether an IP address is one that anybody on the Internet could reach."""
    parsed: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            parsed = parsed.ipv4_mapped
        elif parsed.sixtofour or parsed.teredo or parsed in TRANSLATED:
            return False
    return parsed.is_global and not parsed.is_multicast


def check_url(url: str) -> None:
    """Refuse what can never be called; the name is not resolved yet.

    Raises DomainError `outside.address`: not https, a name and password inside, an IP address
    that is not public.
    """
    _target(url)


def _target(url: str) -> _Target:
    refused = DomainError(
        "outside.address",
        _("Enter a public address that begins with https://, without a name or password in it."),
    )
    schemes = PORTS if settings.WEBHOOK_ALLOW_PRIVATE else ("https",)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise refused from error
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in schemes or not host or not plain or "@" in parts.netloc:
        raise refused
    try:
        is_refused = not is_public(host)
    except ValueError:
        is_refused = False  # a name
    if is_refused and not settings.WEBHOOK_ALLOW_PRIVATE:
        raise refused
    return _Target(parts, host, port)


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """Send `body` and return the status of the answer, which is not read any further.

    Raises DomainError `outside.address`, `outside.private` for a name that leads to a private
    address, and Unreachable.
    """
    target = _target(url)
    path = target.parts.path or "/"
    if target.parts.query:
        path += f"?{target.parts.query}"
    try:
        with closing(_Pinned(target)) as connection:
            connection.request("POST", path, body, headers)
            return connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise Unreachable(repr(error)[:300]) from error


def _resolved(target: _Target) -> tuple[int, tuple[object, ...]]:
    """The family and the address to connect to, of a name that has none but public ones."""
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [str(sockaddr[0]) for *_rest, sockaddr in found]
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(map(is_public, addresses)):
        raise DomainError(
            "outside.private", _("This address leads to a private network and is not called.")
        )
    family, *_rest, sockaddr = found[0]
    return family, sockaddr


class _Pinned(HTTPConnection):
    """A connection to the address that was checked, with the name for TLS and `Host`."""

    def __init__(self, target: _Target) -> None:
        super().__init__(target.host, target.port, timeout=SECONDS)
        self.target = target

    def connect(self) -> None:
        family, sockaddr = _resolved(self.target)
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(sockaddr)
        if self.target.parts.scheme == "https":
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.target.host)
