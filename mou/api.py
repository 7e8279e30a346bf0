"""Programs read and draw up memoranda here."""

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from allauth.core.internal.httpkit import get_client_ip
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AfterValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from accounts.models import Scope
from accounts.rules import SignedIn, caller, fair_of_token
from core.errors import DomainError, NotAllowed
from core.text import clean
from fairs.models import Fair
from fairs.queries import fair_for
from mou import queries
from mou.actions import Line, count_check, programs
from mou.models import FollowUp, Memorandum
from mou.quantities import read_quantity
from mou.states import MemorandumState
from registry.models import Organisation, Product

router = Router(tags=["memoranda"])

MOST = 100


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


def _number(quantity: Decimal) -> int | float:
    """A JSON number: no float has more digits than the fifteen that it says exactly."""
    return int(quantity) if quantity == quantity.to_integral_value() else float(quantity)


class ItemOut(Schema):
    """`quantity` has at most three decimals; `reference_price` is in đồng for one unit."""

    name: str
    stars: int | None
    quantity: Annotated[Decimal, PlainSerializer(_number)]
    unit: str
    period: str
    reference_price: int


class MemorandumDetail(MemorandumOut):
    """What those may know who may see it."""

    revision: int
    place: str
    witness: str
    witness_position: str
    content_sha256: str
    items: list[ItemOut]

    @staticmethod
    def resolve_items(memorandum: Memorandum) -> list[Any]:
        return list(memorandum.items.all())


class MemorandumPage(Schema):
    count: int
    items: list[MemorandumOut]


class Filters(Schema):
    """`limit` at most 100."""

    fair: str = ""
    state: str = ""
    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=10**6)


def _text(length: int) -> Any:
    return Annotated[
        str, AfterValidator(clean), Field(min_length=1, max_length=length, pattern=r"\S")
    ]


class LineIn(Schema):
    """`quantity` as a number, or as text such as "1.5": more than 0, at most three decimals."""

    model_config = ConfigDict(extra="forbid")
    product: str = Field(max_length=40)
    # Whatever it is, `read_quantity` says in a sentence what is wrong with it.
    quantity: Annotated[Any, WithJsonSchema({"type": ["number", "string"]})]
    period: str = Field(pattern="^(month|season|year)$")


class MemorandumIn(Schema):
    """Codes of the fair, the two parties and the producer's products."""

    model_config = ConfigDict(extra="forbid")
    fair: str = Field(max_length=60)
    producer: str = Field(max_length=40)
    distributor: str = Field(max_length=40)
    lines: list[LineIn] = Field(min_length=1, max_length=30)
    place: _text(80)  # type: ignore[valid-type]
    witness: _text(120)  # type: ignore[valid-type]
    witness_position: _text(120)  # type: ignore[valid-type]
    expires_on: date


class MemorandumChange(Schema):
    """What is left out stays."""

    model_config = ConfigDict(extra="forbid")
    place: _text(80) | None = None  # type: ignore[valid-type]
    witness: _text(120) | None = None  # type: ignore[valid-type]
    witness_position: _text(120) | None = None  # type: ignore[valid-type]
    expires_on: date | None = None


class FollowUpOut(Schema):
    """What one side answered; `value` in đồng."""

    memorandum: str
    side: str
    months: int
    due_on: date
    answered_at: datetime | None
    answer: str
    contract_number: str
    volume: str
    value: int | None
    problem: str

    @staticmethod
    def resolve_memorandum(row: FollowUp) -> str:
        return row.memorandum.code


class FollowUpPage(Schema):
    count: int
    items: list[FollowUpOut]


def _seen(request: SignedIn, scope: str) -> QuerySet[Memorandum]:
    found = queries.memoranda_of(caller(request, scope))
    only = fair_of_token(request)
    return found.filter(fair__code=only) if only else found


def _told(memorandum: Memorandum, status: int) -> programs.Told:
    fresh = queries.with_particulars(Memorandum.objects.filter(pk=memorandum.pk)).get()
    body = MemorandumDetail.from_orm(fresh).model_dump_json()
    return programs.Told(status, body, programs.etag_of(fresh))


def _answer(told: programs.Told) -> HttpResponse:
    response = HttpResponse(told.body, status=told.status, content_type="application/json")
    response.headers["ETag"] = told.etag
    response.headers["Cache-Control"] = "private, no-cache"
    if told.again:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _asked_once(request: SignedIn, scope: str, work: Any) -> HttpResponse:
    said = [request.method or "", request.path, request.headers.get("If-Match", "")]
    digest = hashlib.sha256("\0".join(said).encode() + b"\0" + _plain_body(request)).hexdigest()
    told = programs.answer_once(
        actor=caller(request, scope),
        key=request.headers.get("Idempotency-Key", ""),
        request_sha256=digest,
        work=work,
    )
    return _answer(told)


def _plain_body(request: HttpRequest) -> bytes:
    """The body without what JSON does not mind: spaces and the order of names."""
    try:
        return json.dumps(json.loads(request.body), sort_keys=True).encode()
    except (ValueError, RecursionError):
        return request.body


@router.get("/memoranda", response=MemorandumPage)
def list_memoranda(request: SignedIn, filters: Query[Filters]) -> dict[str, Any]:
    """The memoranda the caller may see, newest first."""
    found = _seen(request, Scope.MEMORANDA_READ)
    if filters.fair:
        found = found.filter(fair__code=filters.fair)
    if filters.state:
        if filters.state not in MemorandumState.values:
            raise DomainError("memorandum.state_unknown", _("There is no such state."))
        found = found.filter(state=filters.state)
    page = found[filters.offset : filters.offset + filters.limit]
    return {"count": found.count(), "items": list(page)}


@router.get("/memoranda/{code}", response=MemorandumDetail)
def read_memorandum(request: SignedIn, code: str) -> HttpResponse:
    """One memorandum and its ETag; 304 if the caller has it already."""
    found = _seen(request, Scope.MEMORANDA_READ)
    told = _told(found.get(code=queries.code_of(code)), 200)
    if told.etag in [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]:
        told = programs.Told(304, "", told.etag)
    return _answer(told)


@router.post("/memoranda", response={201: MemorandumDetail})
def create_memorandum(request: SignedIn, body: MemorandumIn) -> HttpResponse:
    """Draw up a draft. Needs an Idempotency-Key."""
    user = caller(request, Scope.MEMORANDA_WRITE)

    def work() -> programs.Told:
        made = programs.draw_up(
            fair=_fair(request, body.fair),
            producer=_organisation(body.producer),
            distributor=_organisation(body.distributor),
            lines=_lines(body),
            place=body.place,
            witness=body.witness,
            witness_position=body.witness_position,
            expires_on=body.expires_on,
            actor=user,
        )
        return _told(made, 201)

    return _asked_once(request, Scope.MEMORANDA_WRITE, work)


def _fair(request: SignedIn, code: str) -> Fair:
    only = fair_of_token(request)
    if only and only != code:
        raise NotAllowed("token.fair", _("This token is for another fair."))
    return fair_for(request.user, code)


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise DomainError(
            "memorandum.party_unknown", _("There is no organisation %(party)s."), party=code
        )
    return found


def _lines(body: MemorandumIn) -> list[Line]:
    codes = [line.product for line in body.lines]
    known = {
        product.code: product
        for product in Product.objects.filter(producer__code=body.producer, code__in=codes)
    }
    strange = sorted(set(codes) - set(known))
    if strange or len(set(codes)) < len(codes):
        raise DomainError(
            "memorandum.products_wrong",
            _("Each product must be one of party A's, and be named once: %(codes)s"),
            codes=", ".join(strange or codes),
        )
    return [
        Line(known[line.product], read_quantity(line.quantity), line.period) for line in body.lines
    ]


@router.patch("/memoranda/{code}", response=MemorandumDetail)
def change_memorandum(request: SignedIn, code: str, body: MemorandumChange) -> HttpResponse:
    """Change the terms of a draft. Needs If-Match: 428 without it, 412 if it is stale."""
    memorandum = _seen(request, Scope.MEMORANDA_WRITE).get(code=queries.code_of(code))
    row = programs.edit_terms_matching(
        memorandum=memorandum,
        if_match=request.headers.get("If-Match", ""),
        changes=body.model_dump(exclude_none=True),
        actor=request.user,
    )
    return _answer(_told(row, 200))


@router.post("/memoranda/{code}/freeze", response=MemorandumDetail)
def number_memorandum(request: SignedIn, code: str) -> HttpResponse:
    """Give a draft its number and freeze it. Needs If-Match and an Idempotency-Key."""
    memorandum = _seen(request, Scope.MEMORANDA_WRITE).get(code=queries.code_of(code))

    def work() -> programs.Told:
        row = programs.lock_matching(memorandum, request.headers.get("If-Match", ""))
        return _told(programs.freeze(memorandum=row, actor=request.user), 200)

    return _asked_once(request, Scope.MEMORANDA_WRITE, work)


@router.get("/follow-ups", response=FollowUpPage)
def list_follow_ups(request: SignedIn, filters: Query[Filters]) -> dict[str, Any]:
    """The questions of the fairs at whose desk the caller works; `state` is due or answered."""
    user = caller(request, Scope.FOLLOW_UPS_READ)
    only = fair_of_token(request)
    if only and filters.fair not in ("", only):
        raise NotAllowed("token.fair", _("This token is for another fair."))
    found = queries.desk_follow_ups(user, way=filters.state, fair=filters.fair or only)
    page = found[filters.offset : filters.offset + filters.limit]
    return {"count": found.count(), "items": list(page)}


@router.get("/verify/{code}", response=MemorandumOut, auth=None)
def verify_memorandum(request: HttpRequest, code: str) -> Memorandum:
    """What the verify page says about a code, and as often as it says so."""
    count_check(get_client_ip(request) or "")
    memorandum = queries.genuine_memorandum(code)
    if memorandum is None:
        raise Memorandum.DoesNotExist
    return memorandum
