"""Doormen of the tablets without network: what they take along, and what they bring back."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import SignedIn
from core import codes
from core.errors import DomainError, StaleState
from mou import actions, queries
from mou.models import OfflinePacket, SignerRole
from mou.packets import MAX_BODY
from mou.rendering import consent_statements, memorandum_text
from mou.views.tables import tablet_at

# What the page without network is made of, beside itself.
ASSETS = (
    *(f"css/{name}.css" for name in ("tokens", "base", "components", "tables", "forms", "shells")),
    *("css/print.css", "css/signing.css", "favicon.svg"),
    *("js/app.js", "js/sign-pad.js", "js/table-offline.js", "js/table-store.js"),
    *("js/table-packets.js", "js/table-sync.js", "js/slip-scanner.js"),
    "vendor/htmx.org@2.0.11/htmx.min.js",
    "vendor/lucide-static@1.62.0/sprite.svg",
    *("fonts/BeVietnamPro-400.woff2", "fonts/BeVietnamPro-700.woff2"),
    *("fonts/Tinos-Regular.ttf", "fonts/Tinos-Bold.ttf", "fonts/Tinos-Italic.ttf"),
)
# Imported by address inside a module, so under their plain names.
IMPORTED = (
    "/static/vendor/signature_pad@5.1.4/signature_pad.min.js",
    "/static/vendor/qr@0.7.0/decode.js",
    "/static/vendor/qr@0.7.0/index.js",
)


@require_safe
def table_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; its address makes /table/ what it answers for."""
    assets = [*map(staticfiles_storage.url, ASSETS), *IMPORTED]
    script = render_to_string("mou/table_worker.js", {"assets": json.dumps(assets)})
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def table_shell(request: HttpRequest) -> HttpResponse:
    """The page that stands in while there is no network; it holds nothing of anybody."""
    response = render(request, "mou/table_offline.html")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def table_data(request: HttpRequest) -> JsonResponse:
    """What is to be signed at this table, for its tablet to keep."""
    tablet = tablet_at(request)
    if tablet is None or tablet.station.ceremony.closed_at:
        return _answer({"code": "table.not_enrolled"}, status=401)
    code = codes.normalise(request.GET.get("code", ""))[:16]
    memoranda = queries.signable_at(tablet, code)
    for each in memoranda:
        row = each.pop("row")
        each["html"] = render_to_string("mou/text.html", {"text": memorandum_text(row)})
        each["html_sha256"] = queries.text_sha256(each["html"])
        each["statements"] = {role: consent_statements(row, role) for role in SignerRole.values}
    return _answer({**queries.tablet_facts(tablet), "memoranda": memoranda})


@csrf_exempt  # A packet carries the tablet's own signature, which no other site can make.
@require_POST
def table_packets(request: HttpRequest) -> JsonResponse:
    """One packet that a tablet brings back; the same one twice is answered the same."""
    tablet = tablet_at(request, is_delivering=True)
    if tablet is None:
        return _answer({"code": "table.not_enrolled"}, status=401)
    sent = _read_json(request)
    try:
        packet = actions.take_packet(
            body=str(sent.get("body", "")),
            signature=str(sent.get("signature", "")),
            device=tablet.device,
        )
    except DomainError as error:
        status = 409 if isinstance(error, StaleState) else 422
        return _answer({"code": error.code, "message": str(error)}, status=status)
    return _answer({"key": packet.key, "state": packet.state})


@login_required
@require_POST
def packet_decide(request: SignedIn, code: str, number: int) -> HttpResponse:
    """Try a kept packet again, or set it aside."""
    ceremony = queries.organised_ceremony_for(request.user, code)
    packet = OfflinePacket.objects.select_related("memorandum__fair").get(
        pk=number, device__scope__startswith=f"station:{ceremony.code}/"
    )
    if request.POST.get("to") == "aside":
        actions.set_packet_aside(packet=packet, actor=request.user)
        messages.success(request, _("It is set aside. It stays on record and counts for nothing."))
    elif actions.retry_packet(packet=packet, actor=request.user).signature:
        messages.success(request, _("The signature is taken."))
    else:
        messages.error(request, _("It still cannot be taken."))
    return redirect("ceremony_page", code)


def _read_json(request: HttpRequest) -> dict[str, Any]:
    if int(request.headers.get("Content-Length") or 0) > MAX_BODY:
        return {}
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}


def _answer(facts: dict[str, Any], *, status: int = 200) -> JsonResponse:
    response = JsonResponse(facts, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
