"""Pages go out compressed to whoever can unpack them; files stay as they are."""

import gzip

from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory

from config.middleware import CompressMiddleware

WORDS = "gian hàng ".encode() * 100


def _encoding(response: HttpResponse | FileResponse) -> str:
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip, br"})
    return CompressMiddleware(lambda _request: response)(request).headers.get(
        "Content-Encoding", ""
    )


def test_a_page_is_compressed_for_those_who_ask() -> None:
    client = Client(headers={"Accept-Encoding": "gzip"})
    answer = client.get("/no-such-page/")
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "<main" in gzip.decompress(answer.content).decode()
    assert "Content-Encoding" not in Client().get("/no-such-page/").headers


def test_text_is_compressed_and_what_is_packed_already_is_not() -> None:
    kinds = ["text/calendar", "application/json", "image/svg+xml", "application/pdf", "image/png"]
    answers = [_encoding(HttpResponse(WORDS, content_type=kind)) for kind in kinds]
    assert answers == ["gzip", "gzip", "gzip", "", ""]
    assert _encoding(FileResponse(iter([WORDS]), content_type="text/plain")) == ""
