"""The answers that stand in a page's form, as a browser would send them."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, list[str]] = {}
        self.name = ""
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "select":
            self.name = values["name"]
        elif tag == "textarea":
            self.name, self.text = values["name"], []
        elif tag == "option" and ("selected" in values or self.name not in self.answers):
            self.answers[self.name] = [values["value"]]
        elif tag == "input" and "name" in values:
            can_tick = values.get("type") in {"checkbox", "radio"}
            if not can_tick or "checked" in values:
                self._answer(values["name"], values.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None:
            self._answer(self.name, "".join(self.text).removeprefix("\n"))
            self.text = None

    def _answer(self, name: str, value: str) -> None:
        self.answers.setdefault(name, []).append(value)


def answers_of(page: bytes) -> dict[str, list[str]]:
    """Every field of a page's forms with what stands in it; the language and the token left out."""
    form = _Form()
    form.feed(page.decode())
    form.close()
    left_out = {"csrfmiddlewaretoken", "language", "next"}
    return {name: found for name, found in form.answers.items() if name not in left_out}
