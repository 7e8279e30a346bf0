"""Where two people have written the same thing."""

from typing import NamedTuple


class Difference(NamedTuple):
    """A field of which two people want different things, each as people read it."""

    label: str
    theirs: str
    mine: str
