"""Applications in words: what is asked, why it comes first, why it got nothing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy

from booths.models import Application, Booth
from core.vietnam import shown_number

PRIORITY_PARTS: dict[str, Promise] = {
    "stars": pgettext_lazy("part of a priority", "stars"),
    "first_time": pgettext_lazy("part of a priority", "first time here"),
    "lost_out": pgettext_lazy("part of a priority", "lost out last time"),
    "place": pgettext_lazy("part of a priority", "place"),
    "score": pgettext_lazy("part of a priority", "reviewers' points"),
}
NEEDS = ("booths", "group", "power_kw", "water", "cold", "cooking", "forbidden")


def offers_of(thing: Booth | Application) -> list[str]:
    """Power, water, cold and cooking that a booth has or an application needs, in words."""
    return _offers(thing.power_kw, water=thing.water, cold=thing.cold, cooking=thing.cooking)


def size_of(booth: Booth) -> str:
    """Width and depth in metres: "3 × 3 m"."""
    sides = (Decimal(side) / 10 for side in (booth.width, booth.height))
    return " × ".join(_plain(side) for side in sides) + " m"


def needs_of(asked: Mapping[str, Any]) -> list[str]:
    """The same of an application as it stands in an instance."""
    flags = {name: asked[name] for name in ("water", "cold", "cooking")}
    return _offers(Decimal(str(asked["power_kw"])), **flags)


def _offers(power_kw: Decimal, *, water: bool, cold: bool, cooking: bool) -> list[str]:
    words = [f"{_plain(power_kw)} kW"] if power_kw else []
    flags = (
        (water, gettext("water")),
        (cold, gettext("cold storage")),
        (cooking, gettext("cooking")),
    )
    return words + [word for flag, word in flags if flag]


def _plain(number: Decimal) -> str:
    """Without needless noughts."""
    whole = number == number.to_integral_value()
    shown = number.quantize(Decimal(1)) if whole else number.normalize()
    return shown_number(shown, get_language() or "vi")


def wishes_in_words(wishes: list[list[str]]) -> list[str]:
    """Each wish, best first: "booth A1", "zone B"."""
    words = {"booth": gettext("booth %(code)s"), "zone": gettext("zone %(code)s")}
    return [words[what] % {"code": code} for what, code in wishes]


def priority_in_words(application: Application) -> str:
    """The priority as the sum it is: "84 = 40 stars + 24 lost out last time + 20 cooperative".

    Where the sum was clipped it says so: "100 (at most 100; 106 = 50 stars + …)".
    """
    return sum_in_words(application, application.priority, application.priority_parts)


def sum_in_words(application: Application, total: int, parts: Sequence[Sequence[Any]]) -> str:
    """The same of a priority that is not stored yet."""
    if not parts:
        return str(total)
    terms = " + ".join(f"{points} {_part(name, application)}" for name, points in parts)
    whole = sum(points for _name, points in parts)
    if whole == total:
        return f"{total} = {terms}"
    limit = pgettext("priority", "at most %(total)s") % {"total": total}
    return f"{total} ({limit}; {whole} = {terms})"


def _part(name: str, application: Application) -> str:
    if name == "kind":
        return application.organisation.get_actor_type_display().lower()
    return str(PRIORITY_PARTS.get(name) or pgettext("part of a priority", "other"))


def reason_in_words(
    reason: str, facts: Mapping[str, Any], *, asked: Mapping[str, Any], quotas: Mapping[str, str]
) -> str:
    """Why an application got nothing, for people.

    `reason` and `facts` are the answer's, `asked` the application in the instance, `quotas` the
    shown names of quotas by their names in the instance.
    """
    sentences = {
        "no_booth_fits": _no_booth_fits,
        "quota_full": _quota_full,
        "outbid": _outbid,
        "worse_overall": _worse_overall,
        "moved_out": _moved_out,
    }
    said = sentences[reason](facts, asked=asked, quotas=quotas)
    if "in_run" in facts:
        before = gettext("In run %(number)d, before the moves by hand:")
        return f"{before % {'number': facts['in_run']}} {said}"
    return said


def _moved_out(
    facts: Mapping[str, Any], *, asked: Mapping[str, Any], quotas: Mapping[str, str]
) -> str:
    del asked, quotas
    return gettext("Had %(booths)s and lost it when the organiser moved stands by hand.") % {
        "booths": " + ".join(facts["booths"])
    }


def _no_booth_fits(
    facts: Mapping[str, Any], *, asked: Mapping[str, Any], quotas: Mapping[str, str]
) -> str:
    del quotas
    tried = [name for name in NEEDS if name in facts]
    missing = next((name for name in tried if not facts[name]), tried[-1])
    before = facts[tried[max(tried.index(missing) - 1, 0)]]
    sentences = {
        "booths": gettext("The hall has no %(booths)d adjoining booths that can be merged."),
        "group": gettext("None of the %(before)d places of this size takes the product group."),
        "power_kw": gettext(
            "None of the %(before)d places that would do otherwise has %(power)s kW."
        ),
        "water": gettext("None of the %(before)d places that would do otherwise has water."),
        "cold": gettext("None of the %(before)d places that would do otherwise has cold storage."),
        "cooking": gettext(
            "Cooking is allowed in none of the %(before)d places that would do otherwise."
        ),
        "forbidden": gettext(
            "The organiser has ruled out all of the %(before)d places that would do otherwise."
        ),
    }
    power = _plain(Decimal(str(asked["power_kw"])))
    return sentences[missing] % {"before": before, "booths": asked["booths"], "power": power}


def _quota_full(
    facts: Mapping[str, Any], *, asked: Mapping[str, Any], quotas: Mapping[str, str]
) -> str:
    sentence = gettext(
        "The quota “%(name)s” is full: %(given)d of at most %(most)d booths are given, "
        "%(booths)d more are asked for."
    )
    return " ".join(
        sentence
        % {
            "name": quotas.get(full["name"], full["name"]),
            "given": full["booths"],
            "most": full["max"],
            "booths": asked["booths"],
        }
        for full in facts["quotas"]
    )


def _outbid(
    facts: Mapping[str, Any], *, asked: Mapping[str, Any], quotas: Mapping[str, str]
) -> str:
    del quotas
    taken = ngettext(
        "The only place that fits is taken; the lowest priority placed there is %(lowest)d, "
        "this one has %(own)d.",
        "All %(fitting)d places that fit are taken; the lowest priority placed there is "
        "%(lowest)d, this one has %(own)d.",
        facts["fitting_blocks"],
    ) % {
        "fitting": facts["fitting_blocks"],
        "lowest": facts["lowest_priority_placed_there"],
        "own": asked["priority"],
    }
    return f"{taken} {_lot()}" if facts.get("score_drop") == 0 else taken


def _worse_overall(
    facts: Mapping[str, Any], *, asked: Mapping[str, Any], quotas: Mapping[str, str]
) -> str:
    del asked, quotas
    if facts["free_blocks"]:
        there = gettext("%(fitting)d places fit and %(free)d of them are free.")
    else:
        there = gettext(
            "%(fitting)d places fit, all taken, one by an application with priority %(lowest)d."
        )
    values = {
        "fitting": facts["fitting_blocks"],
        "free": facts["free_blocks"],
        "lowest": facts["lowest_priority_placed_there"],
    }
    return f"{there % values} {_cost(facts)}"


def _cost(facts: Mapping[str, Any]) -> str:
    """What forcing the application in would cost, as far as it was found out."""
    if "score_drop" in facts:
        if facts["score_drop"] is None:
            return gettext("Fixed booths and full quotas leave no way to place it.")
        if not facts["score_drop"]:
            return _lot()
        return gettext(
            "Placing it would cost others more: the total score would fall by %(drop)s."
        ) % {"drop": _grouped(facts["score_drop"])}
    least, most = facts.get("score_drop_at_least"), facts.get("score_drop_at_most")
    if least:
        return gettext(
            "Placing it would cost others more: the total score would fall by %(least)s or more."
        ) % {"least": _grouped(least)}
    if most is not None:
        return gettext(
            "Placing it would lower the total score by %(most)s in the best way that was found."
        ) % {"most": _grouped(most)}
    return gettext("No better plan with it was found in the time allowed.")


def _grouped(number: int) -> str:
    return shown_number(number, get_language() or "vi")


def _lot() -> str:
    return gettext("An equally good plan would place it; the lot has decided.")
