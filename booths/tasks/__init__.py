"""What the worker does for booths."""

from booths.tasks.allocation import DOING, allocate
from booths.tasks.letters import send_decision, send_offer_letter, send_receipt
from booths.tasks.offers import pass_on_stands, watch_offers
from booths.tasks.papers import draw_booth_paper, draw_protocol, watch_papers

__all__ = [
    "DOING",
    "allocate",
    "draw_booth_paper",
    "draw_protocol",
    "pass_on_stands",
    "send_decision",
    "send_offer_letter",
    "send_receipt",
    "watch_offers",
    "watch_papers",
]
