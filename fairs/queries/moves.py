"""What may come next for a fair, what keeps it from it, and what should be known before."""

from dataclasses import dataclass
from datetime import date

from core.errors import DomainError
from fairs.models import Fair
from fairs.queries.legal import checklist_of, papers_of, rule_book
from fairs.rules import check_move, warnings_of_move
from fairs.states import FAIR, FairState


@dataclass(frozen=True)
class Move:
    """A state that follows: why it cannot be entered now ("" if it can), and warnings."""

    state: FairState
    refusal: str
    warnings: tuple[str, ...]


def moves_of(fair: Fair, today: date) -> list[Move]:
    """The states that may follow the fair's, but for its cancellation. Four queries at most."""
    following = FAIR.moves[FairState(fair.state)] - {FairState.CANCELLED}
    if not following:
        return []
    book = rule_book()
    rule = book.rule_of(fair)
    entries = checklist_of(fair, book, papers_of([fair])[fair.pk], today)
    missing = sum(entry.is_open for entry in entries)
    moves = []
    for state in FairState:
        if state not in following:
            continue
        refusal = ""
        try:
            check_move(fair, state, rule, today)
        except DomainError as error:
            refusal = str(error)
        warnings = warnings_of_move(fair, state, rule, today, missing=missing)
        moves.append(Move(state, refusal, tuple(warnings)))
    return moves
