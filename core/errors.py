"""The one family of errors that users may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.functional import Promise


class DomainError(Exception):
    """Something a user asked for cannot be done, and nothing was changed.

    `code` is stable and machine-readable (`tax_code.check_digit`), `message` is a
    translatable sentence for people, `facts` are the plain values it speaks of.
    """

    def __init__(self, code: str, message: str | Promise, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.facts = facts

    def __str__(self) -> str:
        return str(self.message) % self.facts if self.facts else str(self.message)


class NotAllowed(DomainError):
    """The actor may not do this."""


class StaleState(DomainError):
    """Somebody else changed the row first, or the move is not one the table allows."""


class NotYet(DomainError):
    """It cannot be done now but may be soon: a job tries again and says this meanwhile."""


@contextmanager
def told_on(form: Any, field: str | None = None) -> Iterator[None]:
    """What is refused in the block is told on the form, at `field` or above all of them.

    Who may not do it at all is told by the answer instead: NotAllowed goes through.
    """
    try:
        yield
    except NotAllowed:
        raise
    except DomainError as error:
        form.add_error(field, str(error))
