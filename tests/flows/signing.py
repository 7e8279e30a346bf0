"""Signing at a table over HTTP, as the page's own form does it."""

import json
import re

from tests.visitor import Answer, Visitor

STROKES = json.dumps(
    [[[20 + 4 * step, 100 + 40 * (step % 3), 0.5, 16 * step] for step in range(40)]]
)


def sign(operator: Visitor, table: str, role: str) -> Answer:
    """Call a signer, tick every statement, sign; the page of the table that comes after."""
    operator.get(table)
    turn = operator.post(f"{table}open/", role=role)
    assert turn.headers["Cache-Control"] == "no-store"
    boxes = re.findall(r'name="consent" value="(\d+)"', turn.text)
    signed = operator.post(turn.path, strokes=STROKES, device_at="1796179092000", consent=boxes)
    assert (signed.status, signed.path) == (200, table)
    assert operator.get(turn.path).status == 409  # the address works once
    return signed
