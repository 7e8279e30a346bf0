"""Of two who decide on the same applications at once one does, and each is told once."""

from functools import partial

from booths.actions.review import Seen, decide_applications
from booths.models import Decision, DecisionMessage
from booths.queries.review import choice_of
from booths.rendering.review import letters_of, seal_of
from core.errors import StaleState
from fairs.models import Fair
from tests.builders import make_application, make_fair, make_organisation, make_organiser
from tests.races.conftest import AtOnce, Call


def _seen(fair: Fair, codes: set[str], to: str) -> Seen:
    choice = choice_of(fair, codes)
    letters = letters_of(choice, to=to, reasons=dict.fromkeys(codes, "Hết chỗ"))
    return Seen(
        versions={each.code: each.version for each in choice.applications}, seal=seal_of(letters)
    )


def test_of_two_decisions_at_once_one_holds_and_the_other_is_told(at_once: AtOnce) -> None:
    fair = make_fair()
    codes = {
        make_application(fair, make_organisation(email="mien@cuda.example")).code for _each in "ab"
    }
    calls: list[Call] = [
        partial(
            decide_applications,
            fair=fair,
            codes=codes,
            to=to,
            reason="Hết chỗ",
            actor=make_organiser(fair),
            seen=_seen(fair, codes, to),
        )
        for to in ("eligible", "refused")
    ]
    answers = at_once(calls)
    [held] = [each for each in answers if isinstance(each, Decision)]
    [told] = [each for each in answers if isinstance(each, StaleState)]
    assert told.code == "review.changed_meanwhile"
    assert set(fair.applications.values_list("state", flat=True)) == {held.to}
    assert DecisionMessage.objects.count() == 2
