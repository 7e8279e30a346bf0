"""Wordings, memoranda with their parties and line items, signatures, sealed PDFs."""

from mou.models.memorandum import SIDES, Item, Memorandum, Party, Register, SignerRole
from mou.models.rendition import Rendition
from mou.models.signing import Signature, SigningSession
from mou.models.wording import Wording

__all__ = [
    "SIDES",
    "Item",
    "Memorandum",
    "Party",
    "Register",
    "Rendition",
    "Signature",
    "SignerRole",
    "SigningSession",
    "Wording",
]
