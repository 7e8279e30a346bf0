"""What an allocation is asked to solve: booths, applications, quotas, weights.

Plain frozen records, made by `format.parse_instance`; nothing here checks anything.
"""

from dataclasses import dataclass
from fractions import Fraction

MAX_APPLICATIONS = 20_000
MAX_BOOTHS_ASKED = 6


class InstanceError(ValueError):
    """The instance is wrong; its text is one line that names the place."""


@dataclass(frozen=True, slots=True)
class Booth:
    """One booth; `groups` empty takes any group, power in kW."""

    code: str
    zone: str
    power_kw: Fraction
    water: bool
    cold: bool
    cooking: bool
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Application:
    """One request for `booths` booths side by side; wishes best first.

    `pinned` is the block it must get, `forbidden` are booths it may not have, `previous` is the
    block it held in an earlier plan, all by codes.
    """

    id: str
    booths: int
    group: str
    power_kw: Fraction
    water: bool
    cold: bool
    cooking: bool
    priority: int
    wishes: tuple[tuple[str, str], ...]
    kind: str | None
    traits: tuple[tuple[str, str], ...]
    pinned: frozenset[str] | None
    forbidden: frozenset[str] = frozenset()
    previous: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """Bounds on the booths given to applications whose `trait` has the `value`.

    The minimum is wished for (its shortfall costs score), the maximum is a hard rule.
    """

    name: str
    trait: str
    value: str
    minimum: int
    maximum: int | None

    def covers(self, application: Application) -> bool:
        """Whether the application's booths count."""
        return (self.trait, self.value) in application.traits


@dataclass(frozen=True, slots=True)
class Weights:
    """What the parts of the score are worth; `stability` is for keeping the previous block."""

    place: int = 100
    wish: int = 10
    apart: int = 30
    quota: int = 1000
    stability: int = 0


@dataclass(frozen=True, slots=True)
class Instance:
    """A whole problem.

    `joins` are pairs of codes that may be one stand; `neighbours` are all pairs that see each
    other, joined ones included. `sha256` is of the canonical JSON it was read from.
    """

    seed: str
    booths: tuple[Booth, ...]
    joins: tuple[tuple[str, str], ...]
    neighbours: tuple[tuple[str, str], ...]
    applications: tuple[Application, ...]
    quotas: tuple[Quota, ...]
    weights: Weights
    sha256: str
