"""A mixed-integer programme in arrays that can be sent to another process, and what solves it for.

Maximise the gain, in units. The first `whole` variables are whole numbers; the others (penalties,
booths short of a quota) need not be said to be: they take the least value the rest leaves them.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .problem import Column


@dataclass(frozen=True, slots=True)
class Model:
    """Column-wise sparse matrix, bounds and gains; variables lie between 0 and `upper`.

    `forced` lists what to solve: -1 the model as it is, else the row of a class of which one member
    has to be placed; those are only bounded by their relaxation unless `exact`. Task t may start
    from the plan in which the variables `start[start_begin[t]:start_begin[t + 1]]` have the
    `start_value` there and all others are 0, if any.
    """

    gain: NDArray[np.float64]
    upper: NDArray[np.float64]
    row_lower: NDArray[np.float64]
    row_upper: NDArray[np.float64]
    begin: NDArray[np.int32]
    row: NDArray[np.int32]
    value: NDArray[np.float64]
    whole: NDArray[np.int32]
    start: NDArray[np.int32]
    start_value: NDArray[np.float64]
    start_begin: NDArray[np.int32]
    forced: NDArray[np.int32]
    exact: NDArray[np.bool_]

    def encode(self) -> bytes:
        """Return the arrays as one NPZ file."""
        buffer = io.BytesIO()
        np.savez(buffer, **{field.name: getattr(self, field.name) for field in fields(self)})
        return buffer.getvalue()

    @classmethod
    def decode(cls, data: bytes) -> "Model":
        """Read what `encode` wrote; pickles are refused."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class Task:
    """One solve: the class forced in (-1: none), and the columns (`Plan.at`) to start from."""

    forced: int = -1
    start: Sequence[Column | None] = ()
    exact: bool = True


class Rows:
    """Collects rows as bounds and entries."""

    def __init__(self) -> None:
        self._lower: list[float] = []
        self._upper: list[float] = []
        self._row: list[int] = []
        self._variable: list[int] = []
        self._value: list[float] = []

    def add(self, lower: float, upper: float) -> int:
        """Open a row and return its number."""
        self._lower.append(lower)
        self._upper.append(upper)
        return len(self._lower) - 1

    def put(self, row: int, variable: int, value: float) -> None:
        """Write an entry; each place at most once."""
        self._row.append(row)
        self._variable.append(variable)
        self._value.append(value)

    def arrays(self, count: int) -> dict[str, NDArray]:
        """Return the fields of a model with that many variables."""
        rows = np.array(self._row, np.int32)
        variables = np.array(self._variable, np.int32)
        order = np.lexsort((rows, variables))
        return {
            "row_lower": np.array(self._lower, np.float64),
            "row_upper": np.array(self._upper, np.float64),
            "begin": np.searchsorted(variables[order], np.arange(count + 1)).astype(np.int32),
            "row": rows[order],
            "value": np.array(self._value, np.float64)[order],
        }
