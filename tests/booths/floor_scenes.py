"""Floor plans with a past, and what is filled in about them."""

import io
import json
from typing import Any

from PIL import Image

from booths.actions.floor_plan import add_plan_picture, save_floor_plan
from booths.floor import write_plan
from booths.queries.floor_plan import current_floor
from fairs.models import Fair


def make_png(width: int = 40, height: int = 30, mode: str = "RGB") -> bytes:
    """A picture."""
    target = io.BytesIO()
    Image.new(mode, (width, height)).save(target, "PNG")
    return target.getvalue()


def draw_twice(fair: Fair) -> None:
    """A second version of the fair's plan, in which nothing of an allocation changes."""
    version, floor = current_floor(fair)
    add_plan_picture(fair=fair, content=make_png(), actor=None)
    document = {**write_plan(floor), "height": floor.height + 10}
    save_floor_plan(fair=fair, base=version, document=document, actor=None)


def plan_forms(fair: Fair) -> dict[str, dict[str, Any]]:
    """What is sent to each address that changes the plan."""
    version, floor = current_floor(fair)
    drawn = {**write_plan(floor), "height": floor.height + 20}
    row = {
        "zone": "A", "columns": 1, "rows": 1, "x": "0", "y": "9", "width": 3, "height": 3,
        "aisle_every": 0, "aisle": 0, "row_gap": 0, "letters": "B", "first": 1, "step": 1,
        "digits": 1, "corner": "top_left", "order": "rows", "power_kw": 2,
    }  # fmt: skip
    booth = {"code": "A1", "zone": "A", "x": 3, "y": 3, "width": 3, "height": 3, "power_kw": 9}
    return {
        "floor_plan_save": {"base": version, "document": json.dumps(drawn)},
        "floor_plan_list": {"do": "set", "booth": "A1", "set-base": version, "set-power_kw": 9},
        "floor_plan_row": {"base": version, **row},
        "floor_plan_part": {"base": version, **booth},
        "floor_plan_restore": {"base": version},
    }
