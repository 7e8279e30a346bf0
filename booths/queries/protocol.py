"""Reads: what the public may check of an allocation."""

from booths.models import AllocationRun, BoothPaper, SeedDraw
from booths.queries.stands import placements_of
from booths.states import RunState
from fairs.models import Fair
from fairs.states import BOOTHS_SHOWN


def published_run_of(fair: Fair) -> AllocationRun | None:
    """The run that the fair's booths were given out by, once the public may see them."""
    if fair.state not in BOOTHS_SHOWN:
        return None
    return AllocationRun.objects.filter(fair=fair, state=RunState.PUBLISHED).first()


def names_at(fair: Fair) -> dict[str, str]:
    """Who the public sees in a booth: names by application code, of those who hold one now."""
    return {placement.application.code: placement.names for placement in placements_of(fair)}


def seed_draw_of(fair: Fair) -> SeedDraw | None:
    """The ceremony in which the fair's seed is fixed, if there is one."""
    draw = SeedDraw.objects.filter(fair=fair).first()
    if draw:
        draw.fair = fair
    return draw


def protocol_paper_of(run: AllocationRun, language: str) -> BoothPaper | None:
    """The newest PDF of the run's protocol in the language, once a worker has drawn one."""
    papers = BoothPaper.objects.select_related("file").filter(run=run, language=language)
    return papers.first()
