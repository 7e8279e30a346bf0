"""The public protocol of an allocation: plain values that the page and the paper show alike.

An application is told by its code. A name is shown only of those who hold a booth now, as the
page of participants shows it; nobody else's name, address or number is in here.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, override, pgettext

from booths.allocation import encode_canonical
from booths.allocation.lottery import written_numbers
from booths.models import AllocationRun, SeedDraw
from booths.queries.desk import applications_in, quotas_of
from booths.queries.protocol import names_at, seed_draw_of
from booths.rendering.moves import show_moves, signed
from booths.rendering.run import Placed, ShownQuota, ShownRun, Unplaced, show_run
from core import pdf
from core.pdf import Attachment, Paper
from core.vietnam import shown_number

STYLESHEET = "css/pdf-booth-papers.css"


def answer_bytes(run: AllocationRun) -> bytes:
    """The answer as it is handed out."""
    assert run.answer is not None
    return encode_canonical(run.answer)


def show_seed(draw: SeedDraw | None) -> dict[str, Any]:
    """How the seed was fixed; the seed itself only once everybody may know it."""
    if draw is None:
        return {"method": "", "is_open": False}
    return {
        "method": str(draw.method),
        "is_open": draw.is_open,
        "commitment": draw.commitment,
        "committed": _moment(draw.committed_at),
        "revealed": _moment(draw.revealed_at),
        "seed": draw.secret if draw.is_open else "",
        "numbers": ", ".join(map(str, draw.inputs)),
        "written": written_numbers(draw.fair.code, draw.inputs),
    }


def show_protocol(
    shown: ShownRun, *, names: Mapping[str, str], draw: SeedDraw | None
) -> dict[str, Any]:
    """All facts of a published run; `names` are those the public sees, by application code."""
    run = shown.run
    answer = run.answer
    assert answer is not None
    language = get_language() or "vi"
    placed = sorted(shown.placed, key=lambda each: each.application.code)
    return {
        "fair": str(run.fair),
        "code": run.fair.code,
        "number": run.number,
        "published": _moment(run.published_at),
        "seed": shown.seed,
        "ceremony": show_seed(draw),
        "is_run": True,
        "late": _count_late(shown, draw),
        "instance_sha256": run.instance_sha256,
        "answer_sha256": sha256(answer_bytes(run)).hexdigest(),
        "score": shown_number(answer["score"], language),
        "bound": shown_number(answer["bound"], language),
        "is_optimal": answer["status"] == "optimal",
        "percent": shown_number(shown.percent, language),
        "adjusted": _adjusted(shown, names, language),
        "booths": shown.booths,
        "booths_given": shown.booths_given,
        "applications": shown.applications,
        "placed": [_placed(each, answer["lottery"], names) for each in placed],
        "unplaced": [_unplaced(each, answer["lottery"]) for each in shown.unplaced],
        "example": min(answer["lottery"]),
        "quotas": [_quota(each) for each in shown.quotas],
    }


def _placed(placed: Placed, lottery: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Any]:
    code = placed.application.code
    return {
        "code": code,
        "stand": " + ".join(placed.booths),
        "name": names.get(code, ""),
        "priority": placed.asked["priority"],
        "wish": _wish(placed),
        "is_pinned": bool(placed.asked["pinned"]),
        "lottery": lottery[code],
    }


def _unplaced(unplaced: Unplaced, lottery: Mapping[str, str]) -> dict[str, Any]:
    code = unplaced.application.code
    return {
        "code": code,
        "place": unplaced.place or 0,
        "priority": unplaced.asked["priority"],
        "why": str(unplaced.why),
        "lottery": lottery[code],
    }


def _quota(quota: ShownQuota) -> dict[str, Any]:
    return {
        "name": str(quota.name),
        "booths": quota.booths,
        "limits": _limits(quota.least, quota.most),
        "short": quota.short,
    }


def _adjusted(shown: ShownRun, names: Mapping[str, str], language: str) -> dict[str, Any] | None:
    """What was moved by hand after the run was computed, when, why, at what cost; not by whom."""
    answer = shown.run.answer
    assert answer is not None
    if "adjusted" not in answer:
        return None
    computed = answer["adjusted"]
    told = {each.application.code: each.application.code for each in shown.placed}
    told |= {code: f"{name} ({code})" for code, name in names.items()}
    return {
        "run": computed["run"],
        "score": shown_number(computed["score"], language),
        "lost": signed(answer["score"] - computed["score"]),
        "moves": [
            {
                "at": move.at,
                "reason": move.reason,
                "points": move.signed,
                "parts": move.parts,
                "shifts": [f"{shift.name} {shift.sentence}" for shift in move.shifts],
            }
            for move in show_moves(computed["moves"], names=told)
        ],
    }


def protocol_of(run: AllocationRun) -> dict[str, Any]:
    """All facts of a published run, in the language of now, with who holds a booth now."""
    fair = run.fair
    applications = {each.code: each for each in applications_in(fair)}
    shown = show_run(run, applications=applications, quotas=quotas_of(fair))
    return show_protocol(shown, names=names_at(fair), draw=seed_draw_of(fair))


def protocol_content(run: AllocationRun) -> dict[str, Any]:
    """The same with the address of the page that says so, as it stands on paper."""
    address = settings.SITE_URL + reverse("public_protocol", args=[run.fair.code])
    return {**protocol_of(run), "address": address}


def _count_late(shown: ShownRun, draw: SeedDraw | None) -> int:
    """How many applications of the run were sent when the seed was known already."""
    known = draw.revealed_at if draw else None
    rows = [each.application for each in shown.placed]
    rows += [each.application for each in shown.unplaced]
    return sum(bool(known and row.submitted_at and row.submitted_at > known) for row in rows)


def _wish(placed: Placed) -> str:
    if not placed.wishes:
        return gettext("no wish")
    if placed.wish is None:
        return pgettext("wish", "none")
    return f"{placed.wish}. {placed.wishes[placed.wish - 1]}"


def _limits(least: int | None, most: int | None) -> str:
    said = []
    if least:
        said.append(gettext("at least %(least)s booths") % {"least": least})
    if most is not None:
        said.append(gettext("at most %(most)s booths") % {"most": most})
    return ", ".join(said)


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}" if moment else ""


def protocol_pdf(run: AllocationRun, content: Mapping[str, Any], *, language: str) -> Paper:
    """The protocol on A4, with the instance and the answer attached to it.

    `content` is of `protocol_content`; the same always gives the same bytes. Raises PdfError.
    """
    assert run.published_at is not None
    with override(language):
        return pdf.render(
            "pdf/protocol.html",
            {"protocol": content},
            stylesheets=[STYLESHEET],
            title=f"{content['fair']} – {gettext('Protocol of the booth allocation')}",
            language=language,
            identifier=sha256(encode_canonical(content)).digest()[:16],
            created=run.published_at,
            attachments=[
                Attachment("instance.json", run.instance.encode()),
                Attachment("answer.json", answer_bytes(run), "Data"),
            ],
        )
