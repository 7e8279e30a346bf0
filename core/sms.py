"""The one door to text messages; settings.SMS_BACKEND names the class that carries them."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """What carries a text message. `send` raises OSError if the message was not taken."""

    def send(self, *, phone: str, text: str) -> None: ...


class ConsoleGateway:
    """Prints what would be sent: for development."""

    def send(self, *, phone: str, text: str) -> None:
        print(f"SMS {phone}: {text}")  # noqa: T201


def gateway() -> Gateway | None:
    """The gateway of this installation, or None where text messages are not sent."""
    if not settings.SMS_BACKEND:
        return None
    made: Gateway = import_string(settings.SMS_BACKEND)()
    return made
