"""A browser without a screen, for stories told over HTTP to the product as it runs."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

SECONDS = 30  # that an answer may take


@dataclass(frozen=True)
class Answer:
    """What came after all redirects."""

    url: str
    status: int
    headers: Message
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


class Visitor:
    """One person's browser: keeps cookies, follows redirects, sends the token against forgery."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.at = site
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self.cookies)
        )

    def get(self, path: str) -> Answer:
        """Open a page or a file; of a whole address the path is taken, the host is the site's."""
        return self._ask(path, None)

    def post(self, path: str, **fields: str | list[str]) -> Answer:
        """Press the button of a form that was opened before."""
        said = {"csrfmiddlewaretoken": self._token, **fields}
        return self._ask(path, urlencode(said, doseq=True).encode())

    def upload(self, path: str, name: str, content: bytes, **fields: str | list[str]) -> Answer:
        """Press the button of a form that sends a file in its field `name`."""
        said = {"csrfmiddlewaretoken": self._token, **fields}
        parts: dict[str, Any] = {**said, name: SimpleUploadedFile(f"{name}.bin", content)}
        body = encode_multipart(BOUNDARY, parts)
        return self._ask(path, body, {"Content-Type": MULTIPART_CONTENT})

    def send_json(self, path: str, facts: object) -> Answer:
        """Send what a script of the page sends."""
        body = json.dumps(facts).encode()
        return self._ask(path, body, {"Content-Type": "application/json"})

    @property
    def _token(self) -> str:
        return {cookie.name: cookie.value or "" for cookie in self.cookies}["csrftoken"]

    def sign_in(self, link: str) -> Answer:
        """Open a one-time link and press its button."""
        assert self.get(link).status == 200
        return self.post(link)

    def _ask(
        self, path: str, body: bytes | None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        request = urllib.request.Request(
            urljoin(self.site, urlsplit(path)._replace(scheme="", netloc="").geturl()),
            data=body,
            headers={"Referer": self.at, **(headers or {})},
        )
        try:
            answer = self.opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            self.at = answer.url
            return Answer(answer.url, answer.status, answer.headers, answer.read())
