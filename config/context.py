"""What every desk page shows in its rail."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from fairs.queries import running_fairs


def desk(request: HttpRequest) -> dict[str, Any]:
    """The fairs now running, lazily: pages without the rail cost no query."""
    return {"running_fairs": SimpleLazyObject(lambda: running_fairs(request.user))}
