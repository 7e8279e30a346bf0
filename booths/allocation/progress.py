"""What a run tells of itself while it is computed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: stage, score of the best plan, proven bound, seconds since the start."""

    stage: str
    score: int
    bound: int
    seconds: float
