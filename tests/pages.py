"""Opening a page as a user would, and reading it as a browser would."""

from html.parser import HTMLParser

from django.test import Client

from accounts.models import User

LINKS = ("src", "href", "action", "formaction", "poster", "data", "hx-get", "hx-post")
OURS = ("http://testserver/", "http://127.0.0.1:8000/")


def sign_in(user: User) -> Client:
    """A browser of the user's own, signed in."""
    client = Client()
    client.force_login(user)
    return client


def read_main(client: Client, address: str) -> str:
    """The HTML of the page's <main>: what stands around it is the same everywhere."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().partition("<main")[2]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        # What search engines read is data: no browser runs it, and it has its nonce.
        is_data = values.get("type") == "application/ld+json" and values.get("nonce")
        is_script = tag == "script" and "src" not in values and not is_data
        if tag in {"style", "iframe", "object", "embed", "base"} or is_script:
            self.found.append(f"<{tag}>")
        self.found += [
            f"<{tag} {name}={value}>"
            for name, value in values.items()
            if name == "style" or name.startswith("on") or self._leads_away(name, value)
        ]

    def _leads_away(self, name: str, value: str) -> bool:
        if name not in LINKS:
            return False
        scheme = value.strip().partition(":")[0].lower() if ":" in value else ""
        if scheme in {"javascript", "data", "vbscript"} or value.strip().startswith("//"):
            return True
        return scheme in {"http", "https"} and not value.startswith(OURS)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader


def find_inline(page: str) -> list[str]:
    """Every inline style, script and handler of an HTML page, and every address elsewhere."""
    return _read(page).found


def text_of(page: str) -> str:
    """What a reader of an HTML page sees, white space made single."""
    return " ".join(" ".join(_read(page).text).split())
