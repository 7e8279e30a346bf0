"""Wordings, ceremonies, memoranda with parties and line items, signatures, PDFs, follow-up."""

from mou.models.ceremony import Ceremony, Station
from mou.models.followup import MONTHS, Answer, FollowUp
from mou.models.memorandum import SIDES, Item, Memorandum, Party, Register, SignerRole
from mou.models.offline import OfflinePacket
from mou.models.register import Checkpoint
from mou.models.rendition import Rendition
from mou.models.signing import Signature, SigningSession
from mou.models.verify_count import VerifyCount
from mou.models.webhook import KEY_LIFE, ApiRequest, Webhook, WebhookMessage
from mou.models.wording import Wording

__all__ = [
    "KEY_LIFE",
    "MONTHS",
    "SIDES",
    "Answer",
    "ApiRequest",
    "Ceremony",
    "Checkpoint",
    "FollowUp",
    "Item",
    "Memorandum",
    "OfflinePacket",
    "Party",
    "Register",
    "Rendition",
    "Signature",
    "SignerRole",
    "SigningSession",
    "Station",
    "VerifyCount",
    "Webhook",
    "WebhookMessage",
    "Wording",
]
