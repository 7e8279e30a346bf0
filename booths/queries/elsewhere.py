"""What the fairs ask of us: who is at two of them at once, and who was at one before."""

from collections import defaultdict
from collections.abc import Collection, Iterator

from booths.models import Application, Assignment
from booths.states import ACCEPTED
from fairs.models import Fair
from fairs.queries import (
    ProducerTwice,
    Schedule,
    finds_conflicts,
    open_days,
    open_span,
    overlapping,
)
from fairs.queries.notices import Pairs, tells_who_took_part


@finds_conflicts
def find_producers_twice(schedule: Schedule) -> Iterator[ProducerTwice]:
    """Pairs of overlapping fairs that accepted the same producers. One query."""
    fairs = {fair.pk: fair for fair in schedule.fairs}
    accepted = Application.objects.filter(state__in=ACCEPTED, fair__in=fairs).order_by(
        "organisation__name", "pk"
    )
    held: dict[tuple[int, str], list[Fair]] = defaultdict(list)
    for key, name, fair in accepted.values_list("organisation", "organisation__name", "fair"):
        held[key, name].append(fairs[fair])
    names: dict[tuple[Fair, Fair], list[str]] = defaultdict(list)
    for (_key, name), at in held.items():
        for pair in overlapping(at, open_days):
            names[pair].append(name)
    for pair, producers in names.items():
        span = open_span(pair[0]).common(open_span(pair[1]))
        yield ProducerTwice(fairs=pair, span=span, producers=tuple(producers))


@tells_who_took_part
def find_placed(fairs: Collection[int]) -> Pairs:
    """Who was given a booth at these fairs. One query."""
    live = Assignment.objects.filter(application__fair__in=fairs, released_at__isnull=True)
    return live.order_by().values_list("application__fair", "application__organisation")
