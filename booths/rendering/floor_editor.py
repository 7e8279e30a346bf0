"""What <floor-plan> says, in the reader's language. Capitals stand for what it fills in."""

from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _


def editor_words() -> dict[str, Any]:
    """All words by the names that the script knows them by."""
    return {"language": get_language(), **_things(), **_news(), **_mistakes()}


def _things() -> dict[str, Any]:
    return {
        "booth": _("Booth"),
        "zone": _("zone"),
        "water": _("water"),
        "cold": _("cold storage"),
        "cooking": _("cooking"),
        # One letter each, on the booth.
        "signs": {
            "water": pgettext("one letter for water", "W"),
            "cold": pgettext("one letter for cold storage", "F"),
            "cooking": pgettext("one letter for cooking", "C"),
        },
        "feature": _("something in the hall"),
        "corner": _("Corner"),
        "new_corner": _("Add a corner here"),
        "resize": _("Change the size"),
        "place": _("X m from the left, Y m from the top"),
        "join": _("to be merged on request"),
        "neighbour": _("neighbours only"),
        "none": _("not neighbours"),
        "fields": {
            "width": _("width of the drawing"),
            "height": _("depth of the drawing"),
            "outline": _("outline of the hall"),
            "picture": _("picture under the plan"),
        },
    }


def _news() -> dict[str, str]:
    return {
        "booths": _("COUNT booths"),
        "chosen": _("COUNT chosen"),
        "added": _("COUNT booths added."),
        "removed": _("COUNT taken away. Undo brings them back."),
        "unsaved": _("Not saved yet"),
        "saving": _("Saving …"),
        "saved": _("Saved as version VERSION"),
        "offline": _("The server cannot be reached. Your drawing is still here: save it again."),
        "failed": _("This did not work. Your drawing is still here: try again."),
        "signed_out": _("You are no longer signed in. Sign in in another tab, then save again."),
        "merged": _("Both are in the drawing now. Look at it, then save."),
        "merged_both": _(
            "Both are in the drawing now. What both had changed is as you have it: NAMES. "
            "Look at it, then save."
        ),
    }


def _mistakes() -> dict[str, str]:
    return {
        "held": _("Booth CODE is given to HOLDER, so it stays."),
        "overlap": _("CODES overlap."),
        "outside": _("Outside the hall: CODES."),
        "repeated": _("Several booths have the code CODES."),
        "zone_first": _("Add a zone first: every booth lies in one."),
        "zone_used": _("There are booths in this zone. Put them into another one first."),
        "zone_twice": _("There is a zone CODE already."),
        "too_many": _("At most 2,000 booths can be drawn."),
        "corners": _("Write one corner in a line: two lengths in metres."),
    }
