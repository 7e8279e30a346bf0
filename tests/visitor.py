"""A browser without a screen, for stories told over HTTP to the product as it runs."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from http.cookiejar import CookieJar
from urllib.parse import urlencode, urljoin, urlsplit

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
        token = {cookie.name: cookie.value for cookie in self.cookies}["csrftoken"]
        return self._ask(path, urlencode({"csrfmiddlewaretoken": token, **fields}, doseq=True))

    def sign_in(self, link: str) -> Answer:
        """Open a one-time link and press its button."""
        assert self.get(link).status == 200
        return self.post(link)

    def _ask(self, path: str, body: str | None) -> Answer:
        request = urllib.request.Request(
            urljoin(self.site, urlsplit(path)._replace(scheme="", netloc="").geturl()),
            data=body.encode() if body is not None else None,
            headers={"Referer": self.at},
        )
        try:
            answer = self.opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as refusal:
            answer = refusal
        with answer:
            self.at = answer.url
            return Answer(answer.url, answer.status, answer.headers, answer.read())
