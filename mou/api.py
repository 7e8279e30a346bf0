"""Programs read memoranda here."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router, Schema

from accounts.rules import SignedIn
from mou import queries
from mou.models import Memorandum

router = Router(tags=["memoranda"])


class MemorandumOut(Schema):
    """What anyone may know of a memorandum: no person, no phone, no file."""

    code: str
    number: str
    state: str
    fair: str
    parties: list[str]
    products: list[str]
    signed_at: datetime | None
    sealed_at: datetime | None
    expires_on: date | None

    @staticmethod
    def resolve_number(memorandum: Memorandum) -> str:
        return memorandum.shown_number

    @staticmethod
    def resolve_fair(memorandum: Memorandum) -> str:
        return memorandum.fair.code

    @staticmethod
    def resolve_parties(memorandum: Memorandum) -> list[str]:
        return [party.name for party in memorandum.parties.all()]

    @staticmethod
    def resolve_products(memorandum: Memorandum) -> list[str]:
        return [item.name for item in memorandum.items.all()]


@router.get("/memoranda", response=list[MemorandumOut])
def list_memoranda(request: SignedIn) -> list[Memorandum]:
    """The memoranda the caller may see, newest first."""
    return list(queries.memoranda_of(request.user)[:100])


@router.get("/memoranda/{code}", response=MemorandumOut, auth=None)
def verify_memorandum(request: HttpRequest, code: str) -> Memorandum:  # noqa: ARG001
    """What the verify page says about a code."""
    memorandum = queries.genuine_memorandum(code)
    if memorandum is None:
        raise Memorandum.DoesNotExist
    return memorandum
