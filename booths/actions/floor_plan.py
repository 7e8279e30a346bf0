"""Writes: a floor plan is saved as a new version, brought back, and given a picture to trace."""

import io
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image

from accounts.models import User
from booths.allocation import encode_canonical
from booths.floor import Plan as Floor
from booths.floor import (
    PlanError,
    Problem,
    compare_plans,
    derive_pairs,
    final_pairs,
    read_plan,
    write_plan,
)
from booths.floor.geometry import corrections_between
from booths.models import Booth, BoothDay, BoothPair, FloorPlan, PlanPicture, Zone
from booths.queries.floor_plan import (
    current_floor,
    floor_of,
    floor_version,
    groups_by_code,
    held_days,
    holders_of,
    pictures_of,
)
from booths.rendering.floor_words import problem_in_words
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from core.storage import keep_file, write_file
from fairs.models import Fair
from fairs.rules import can_organise
from fairs.states import OVER
from registry.models import ProductGroup

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2_400
FORMATS = ("PNG", "JPEG", "WEBP")


class InvalidPlan(DomainError):
    """A plan that cannot be saved; `problems` are the sentences, each with its place."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = problem_in_words(problems[0])
        text = _("The plan is not saved. %(first)s")
        super().__init__("floor_plan.invalid", text, first=first)


def judge_floor(fair: Fair, document: object) -> Floor:
    """The document as a plan of the fair. Raises InvalidPlan."""
    numbers = pictures_of(fair).values_list("number", flat=True)
    try:
        floor = read_plan(document, groups=groups_by_code(), pictures=set(numbers))
    except PlanError as error:
        raise InvalidPlan(error.problems) from error
    # What is corrected to what it is anyway is not corrected.
    needed = corrections_between(derive_pairs(floor.booths, floor.features), final_pairs(floor))
    return replace(floor, corrections=needed)


@transaction.atomic(durable=True)
def save_floor_plan(
    *,
    fair: Fair,
    base: int,
    document: Mapping[str, Any],
    actor: User | None,
    restored_from: int | None = None,
) -> FloorPlan:
    """Keep `document` as the next version of the plan that was `base` when it was read.

    What producers hold moves to the booths of the same codes. A plan that says the same as the
    current one makes no new version.

    Raises NotAllowed, InvalidPlan, DomainError `floor_plan.over` or `floor_plan.held` (a booth
    that somebody holds is missing), StaleState `floor_plan.saved_meanwhile`.
    """
    _require_organiser(actor, fair)
    row = lock_row(fair)
    if row.state in OVER:
        raise DomainError("floor_plan.over", _("This fair is over: its floor plan stays as it is."))
    version, before = current_floor(row)
    if version != base:
        raise StaleState(
            "floor_plan.saved_meanwhile",
            _("Somebody else has saved the floor plan in the meantime. Nothing of yours is lost."),
        )
    floor = judge_floor(row, document)
    if version and floor == before:
        return FloorPlan.objects.get(fair=row, is_current=True)
    _require_held(row, floor)
    FloorPlan.objects.filter(fair=row, is_current=True).update(is_current=False)
    newest = FloorPlan.objects.filter(fair=row).order_by("version").last()
    plan = _write(row, floor, version=(newest.version if newest else 0) + 1)
    plan.saved_by, plan.restored_from = actor, restored_from
    plan.save(update_fields=["saved_by", "restored_from"])
    moved = _take_over(row, plan)
    audit.record(
        stream=row.stream,
        actor=actor,
        verb="booths.floor_plan_saved",
        subject=f"{row.code}:{plan.version}",
        base=base,
        restored_from=restored_from,
        booths=len(floor.booths),
        changes=len(compare_plans(before, floor)),
        booth_days_moved=moved,
        sha256=sha256(encode_canonical(write_plan(floor))).hexdigest(),
    )
    return plan


def restore_floor_plan(*, fair: Fair, version: int, base: int, actor: User | None) -> FloorPlan:
    """Save an old version once more, as the newest.

    Raises what `save_floor_plan` raises, and FloorPlan.DoesNotExist.
    """
    _require_organiser(actor, fair)
    old = floor_of(floor_version(fair, version))
    return save_floor_plan(
        fair=fair, base=base, document=write_plan(old), actor=actor, restored_from=version
    )


def _require_organiser(actor: User | None, fair: Fair) -> None:
    if actor is not None and not can_organise(actor, fair):
        raise NotAllowed("fair.not_organiser", _("Only an organiser of this fair may do this."))


def _require_held(fair: Fair, floor: Floor) -> None:
    codes = {booth.code for booth in floor.booths}
    missing = [holder for code, holder in holders_of(fair).items() if code not in codes]
    if missing:
        raise DomainError(
            "floor_plan.held",
            _(
                "Booth %(booth)s is given to %(holder)s, so it must stay on the plan with this "
                "code. Nothing is saved."
            ),
            booth=missing[0].code,
            holder=str(missing[0].organisation),
        )


def _write(fair: Fair, floor: Floor, *, version: int) -> FloorPlan:
    groups = groups_by_code()
    picture = floor.picture
    plan = FloorPlan.objects.create(
        fair=fair,
        version=version,
        width=floor.width,
        height=floor.height,
        features=write_plan(floor)["features"],
        outline=write_plan(floor)["outline"],
        picture=fair.plan_pictures.get(number=picture.number) if picture else None,
        picture_box=_box(picture) if picture else None,
    )
    zones = {
        zone.code: zone
        for zone in Zone.objects.bulk_create(
            Zone(
                plan=plan,
                code=zone.code,
                group=groups[zone.group] if zone.group else None,
                name_vi=zone.name_vi,
                name_en=zone.name_en,
                x=zone.x,
                y=zone.y,
            )
            for zone in floor.zones
        )
    }
    booths = _write_booths(plan, floor, zones, groups)
    BoothPair.objects.bulk_create(
        BoothPair(plan=plan, first=first, second=second, is_join=is_join)
        for (one, two), is_join in final_pairs(floor).items()
        for first, second in [sorted((booths[one], booths[two]), key=lambda each: each.pk)]
    )
    return plan


def _box(rectangle: Any) -> dict[str, int]:
    return {name: getattr(rectangle, name) for name in ("x", "y", "width", "height")}


def _write_booths(
    plan: FloorPlan, floor: Floor, zones: dict[str, Zone], groups: dict[str, ProductGroup]
) -> dict[str, Booth]:
    rows = Booth.objects.bulk_create(
        Booth(
            plan=plan,
            zone=zones[booth.zone],
            code=booth.code,
            order=order,
            **_box(booth),
            power_kw=Decimal(str(booth.power_kw)),
            water=booth.water,
            cold=booth.cold,
            cooking=booth.cooking,
        )
        for order, booth in enumerate(floor.booths, start=1)
    )
    booths = {row.code: row for row in rows}
    taking = Booth.groups.through
    taking.objects.bulk_create(
        taking(booth=booths[booth.code], productgroup=groups[code])
        for booth in floor.booths
        for code in booth.groups
    )
    return booths


def _take_over(fair: Fair, plan: FloorPlan) -> int:
    """Let what is held be held on the booths of the same codes; return how many days."""
    booths = {booth.code: booth for booth in Booth.objects.filter(plan=plan)}
    days = lock_rows(held_days(fair).select_related("booth"))
    for day in days:
        day.booth = booths[day.booth.code]
    BoothDay.objects.bulk_update(days, ["booth"], batch_size=500)
    return len(days)


def add_plan_picture(*, fair: Fair, content: bytes, actor: User | None) -> PlanPicture:
    """Keep a picture to lie under the plan, drawn anew so that nothing else travels in it.

    Raises NotAllowed, DomainError `plan_picture.too_large` or `plan_picture.unreadable`.
    """
    _require_organiser(actor, fair)
    made, (width, height) = _draw_anew(content)
    name = write_file(made, media_type="image/png")
    with transaction.atomic(durable=True):
        row = lock_row(fair)
        newest = row.plan_pictures.order_by("number").last()
        picture = PlanPicture.objects.create(
            fair=row,
            number=newest.number + 1 if newest else 1,
            file=keep_file(name, content=made, media_type="image/png"),
            width=width,
            height=height,
            added_by=actor,
        )
        audit.record(
            stream=row.stream,
            actor=actor,
            verb="booths.plan_picture_added",
            subject=f"{row.code}:{picture.number}",
            sha256=picture.file.sha256,
        )
    return picture


def _draw_anew(content: bytes) -> tuple[bytes, tuple[int, int]]:
    if len(content) > MOST_BYTES:
        raise DomainError("plan_picture.too_large", _("The picture is larger than 5 MB."))
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as source:
            if source.width * source.height > MOST_PIXELS:
                raise DomainError(
                    "plan_picture.too_large",
                    _("The picture has more than 40 million pixels. Make it smaller first."),
                )
            source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            picture = source.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DomainError(
            "plan_picture.unreadable",
            _("This file is no picture that can be read. Choose a PNG, JPEG or WebP file."),
        ) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    target = io.BytesIO()
    picture.save(target, "PNG")
    return target.getvalue(), picture.size
