"""Doormen of the public protocol: how the booths were given out, for everybody to check."""

from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from booths import queries, rendering
from booths.allocation import encode_canonical
from booths.models import AllocationRun, SeedDraw
from booths.queries.protocol import names_at, published_run_of, seed_draw_of
from booths.rendering.protocol import answer_bytes, protocol_pdf, show_protocol, show_seed
from fairs.models import Fair
from fairs.queries import public_fairs

# A drawn protocol is kept for so many seconds: drawing it again is the dear part.
KEPT = 3_600


@require_safe
def public_protocol(request: HttpRequest, code: str) -> HttpResponse:
    """How the booths were given out; before that, what has been promised of the seed."""
    fair = public_fairs().get(code=code)
    run, draw = published_run_of(fair), seed_draw_of(fair)
    if run is None and draw is None:
        raise Http404
    protocol = _protocol(fair, run, draw) if run else {"ceremony": show_seed(draw)}
    context = {"section": "fairs", "fair": fair, "run": run, "protocol": protocol}
    return render(request, "booths/public_protocol.html", context)


def _run(fair: Fair) -> AllocationRun:
    run = published_run_of(fair)
    if run is None:
        raise Http404
    return run


def _protocol(fair: Fair, run: AllocationRun, draw: SeedDraw | None) -> dict[str, Any]:
    run.fair = fair
    applications = {each.code: each for each in queries.applications_in(fair)}
    shown = rendering.show_run(run, applications=applications, quotas=queries.quotas_of(fair))
    return show_protocol(shown, names=names_at(fair), draw=draw)


@require_safe
def public_protocol_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The same on paper; drawn once for the same facts."""
    fair = public_fairs().get(code=code)
    run = _run(fair)
    protocol = _protocol(fair, run, seed_draw_of(fair))
    address = request.build_absolute_uri(reverse("public_protocol", args=[code]))
    facts = encode_canonical({"protocol": protocol, "address": address, "to": get_language()})
    key = f"booths.protocol:{sha256(facts).hexdigest()}"
    content = cache.get(key)
    if content is None:
        content = protocol_pdf(run, protocol, address=address).content
        cache.set(key, content, KEPT)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="bien-ban-{fair.code}.pdf"'
    return response


@require_safe
def public_protocol_file(_request: HttpRequest, code: str, name: str) -> HttpResponse:
    """What the run was made from (`instance`) or what came out (`answer`), byte for byte."""
    run = _run(public_fairs().get(code=code))
    contents = {"instance": run.instance.encode(), "answer": answer_bytes(run)}
    if name not in contents:
        raise Http404
    response = HttpResponse(contents[name], content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
