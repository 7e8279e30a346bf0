"""Give out booths: the best plan under the published rules, its proof, and why not for the rest.

Pure Python with HiGHS; `docs/allocation.md` describes instance and answer.
"""

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from .format import encode_canonical, parse_instance, read_instance
from .instance import Instance, InstanceError
from .moves import check_answer
from .progress import Progress

if TYPE_CHECKING:
    from .runner import Runner

__all__ = [
    "Instance",
    "InstanceError",
    "Progress",
    "check_answer",
    "encode_canonical",
    "parse_instance",
    "read_instance",
    "solve",
]


def solve(
    instance: dict[str, Any] | Instance,
    *,
    time_limit: float = 60,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    runner: "Runner | None" = None,
) -> dict[str, Any]:
    """Solve an instance and return the answer (version 1) as plain values for JSON.

    Seconds of `time_limit` are for everything; 0 still gives a plan and a bound. `progress` is
    called with news, `cancelled` is asked now and then; when it says yes, the best plan so far is
    the answer. With `status` "optimal" the answer depends on the instance alone, not on the order
    of its applications (`instance_sha256` and `seconds` apart).

    Raises InstanceError when the instance is wrong.
    """
    from .runner import Child  # noqa: PLC0415 - brings numpy, wanted by few processes
    from .solver import solve_instance  # noqa: PLC0415 - the same

    if not isinstance(instance, Instance):
        instance = parse_instance(instance)
    with closing(Child()) as child:
        if runner is None and time_limit > 0:
            child.start()  # it gets ready meanwhile
        return solve_instance(
            instance,
            time_limit=time_limit,
            progress=progress,
            cancelled=cancelled,
            runner=runner or child,
        )
