"""What one subject puts into the scene."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Corner:
    """By the name of a route: what its address is made of, and what is filled in there."""

    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)  # what stands behind the address
