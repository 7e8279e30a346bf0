"""What `manage.py check --deploy` says of sealing."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info


def tell_of_development_key(**_given: Any) -> list[CheckMessage]:
    """An office may start without a certificate of its own, but not without knowing it."""
    if not settings.SEAL_KEY_IS_DEVELOPMENT:
        return []
    return [
        Info(
            "Memoranda are sealed with a development key, which proves nothing about the office.",
            hint="Set SEAL_KEY_FILE or SEAL_KEY_TOKEN to the office's own.",
            id="mou.I001",
        )
    ]
