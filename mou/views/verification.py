"""Doormen of the verify page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core import codes
from mou import actions, queries
from mou.forms import (
    CodeForm,
    FileForm,
)
from mou.sealing import is_development

View = Callable[..., HttpResponse]


def counted(view: View) -> View:
    """A view that one address may ask for so often a minute; a page says when to come again."""

    @wraps(view)
    def ask(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        try:
            actions.count_check(address_of(request), files=request.method == "POST")
        except actions.TooMany as error:
            response = render(request, "429.html", {"error": error}, status=429)
            response.headers["Retry-After"] = str(error.facts["seconds"])
            return response
        return view(request, *arguments, **named)

    return ask


def address_of(request: HttpRequest) -> str:
    """The visitor's address, as far as the proxies before us are believed; may be empty."""
    try:
        return get_adapter().get_client_ip(request)
    except PermissionDenied:
        return ""


@counted
def verify(request: HttpRequest) -> HttpResponse:
    """Is this paper genuine? By its code, or by the file itself."""
    code_form = CodeForm(request.GET if "code" in request.GET else None)
    if code_form.is_valid():
        # A stroke between the groups is no part of the code, and would be one of the address.
        code = codes.normalise(code_form.cleaned_data["code"]).replace("/", "")
        return redirect("verify_code", code[:16] or "-")
    is_sent = request.method == "POST"
    file_form = FileForm(request.POST, request.FILES) if is_sent else FileForm()
    context: dict[str, Any] = {"section": "verify", "code_form": code_form, "file_form": file_form}
    if is_sent and file_form.is_valid():
        verdict, memorandum = queries.verdict_on(file_form.cleaned_data["file"].read())
        context |= {"verdict": verdict, "memorandum": memorandum}
    context["outcome"] = queries.public_outcome()
    return render(request, "mou/verify.html", context)


@counted
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What anyone may know of the memorandum with this code, and nothing more."""
    memorandum = queries.genuine_memorandum(code)
    rendition = queries.sealed_rendition(memorandum) if memorandum else None
    scan = queries.paper_rendition(memorandum) if memorandum and not rendition else None
    original = rendition or scan
    context = {
        "section": "verify",
        "memorandum": memorandum,
        "rendition": rendition,
        "is_development_key": rendition and is_development(rendition.certificate_sha256),
        "related": queries.related_of(memorandum, is_public=True) if memorandum else None,
        "scan": scan,
        "inclusion": queries.inclusion_of(memorandum, original)
        if memorandum and original
        else None,
        "code": codes.shown(codes.normalise(code)[:16]),
    }
    response = render(request, "mou/verify_code.html", context, status=200 if memorandum else 404)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
