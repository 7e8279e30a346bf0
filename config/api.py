"""The door for programs: one API, one router per app, one place where errors become codes."""

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import ValidationError
from ninja.security import django_auth

from accounts.api import TokenAuth
from booths.api import router as booths_router
from core.errors import DomainError, NotAllowed, StaleState
from fairs.api import office as planning_router
from fairs.api import router as fairs_router
from mou.api import router as mou_router


class Problem(Schema):
    """What went wrong: a stable code and a sentence in the reader's language."""

    code: str
    message: str


# No page of documentation: the one that comes with ninja loads its parts from other hosts.
api = NinjaAPI(
    title="Chợ Phiên",
    version="1",
    auth=[TokenAuth(), django_auth],
    urls_namespace="api",
    docs_url=None,
)
api.add_router("", fairs_router)
api.add_router("", planning_router)
api.add_router("", booths_router)
api.add_router("", mou_router)


TOO_MANY = 429
# What HTTP has a number of its own for.
STATUS = {
    "request.match_missing": 428,
    "request.match_failed": 412,
    "request.key_reused": 422,
    "verify.too_many": TOO_MANY,
}


@api.exception_handler(DomainError)
def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    status = 403 if isinstance(error, NotAllowed) else 409 if isinstance(error, StaleState) else 400
    status = STATUS.get(error.code, status)
    problem = Problem(code=error.code, message=str(error))
    response = api.create_response(request, problem, status=status)
    if status == TOO_MANY:
        response.headers["Retry-After"] = str(error.facts["seconds"])
    return response


@api.exception_handler(ObjectDoesNotExist)
def not_found(request: HttpRequest, _error: ObjectDoesNotExist) -> HttpResponse:
    problem = Problem(code="not_found", message=_("Not found"))
    return api.create_response(request, problem, status=404)


@api.exception_handler(ValidationError)
def validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = ", ".join(".".join(str(step) for step in one["loc"]) for one in error.errors)
    return api.create_response(request, Problem(code="request.invalid", message=places), status=422)
