"""Computing an allocation, sending receipts and decisions."""

from hashlib import sha256
from time import monotonic

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from booths.allocation import InstanceError, Progress, encode_canonical, read_instance, solve
from booths.models import AllocationRun
from booths.states import RUN, RunState
from core import audit, jobs
from core.errors import DomainError
from core.locks import lock_rows

SECONDS = 60
STAGES = ("searching", "proving", "explaining")
DOING = {
    "searching": gettext_noop(
        "Searching for a good plan: score %(score)s, %(gap)s below what is possible at most"
    ),
    "proving": gettext_noop(
        "Improving and proving: score %(score)s, %(gap)s below what is possible at most"
    ),
    "explaining": gettext_noop(
        "Finding reasons for the others: score %(score)s, %(gap)s below what is possible at most"
    ),
}


class _Throttled:
    """Asks whether somebody pressed cancel, but the database at most once a second."""

    def __init__(self, run: jobs.Run) -> None:
        self.run = run
        self.asked_at = monotonic()

    def __call__(self) -> bool:
        if monotonic() - self.asked_at < 1:
            return False
        self.asked_at = monotonic()
        if self.run.cancel_wanted():
            raise jobs.Cancelled
        return False


@jobs.kind("booths.allocate", title=gettext_noop("Booths are being allocated"), seconds=180)
def allocate(run: jobs.Run, *, allocation: int) -> None:
    """Solve the run's instance and keep the answer as the fair's proposal."""
    proposal = AllocationRun.objects.select_related("fair").get(pk=allocation)
    run.report(0, len(STAGES), gettext_noop("Reading the applications and the floor plan"))

    def tell(news: Progress) -> None:
        run.report(
            STAGES.index(news.stage),
            len(STAGES),
            DOING[news.stage],
            score=news.score,
            gap=news.bound - news.score,
        )

    try:
        answer = solve(
            read_instance(proposal.instance),
            time_limit=SECONDS,
            progress=tell,
            cancelled=_Throttled(run),
        )
    except InstanceError as error:
        raise DomainError(
            "allocation.instance", _("The booths cannot be allocated: %(place)s"), place=str(error)
        ) from error
    with run.publishing():
        rows = AllocationRun.objects.filter(fair=proposal.fair, state=RunState.PROPOSED)
        for older in lock_rows(rows):
            RUN.move(older, RunState.SUPERSEDED)
        RUN.move(proposal, RunState.PROPOSED, answer=answer)
        audit.record(
            stream=proposal.fair.stream,
            actor=None,
            verb="booths.allocation_proposed",
            subject=f"{proposal.fair.code}:{proposal.number}",
            instance_sha256=proposal.instance_sha256,
            answer_sha256=sha256(encode_canonical(answer)).hexdigest(),
            status=answer["status"],
            score=answer["score"],
            bound=answer["bound"],
        )
