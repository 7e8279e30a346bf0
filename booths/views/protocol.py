"""Doormen of the public protocol: how the booths were given out, for everybody to check."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from booths.models import AllocationRun
from booths.queries.protocol import protocol_paper_of, published_run_of, seed_draw_of
from booths.rendering.protocol import answer_bytes, protocol_of, show_seed
from core.storage import open_file
from fairs.models import Fair
from fairs.queries import public_fairs


@require_safe
def public_protocol(request: HttpRequest, code: str) -> HttpResponse:
    """How the booths were given out; before that, what has been promised of the seed."""
    fair = public_fairs().get(code=code)
    run, paper = published_run_of(fair), None
    if run:
        run.fair = fair
        protocol = protocol_of(run)
        paper = protocol_paper_of(run, get_language() or "vi")
    elif draw := seed_draw_of(fair):
        protocol = {"ceremony": show_seed(draw)}
    else:
        raise Http404
    context = {
        "section": "fairs",
        "fair": fair,
        "run": run,
        "protocol": protocol,
        "has_paper": paper is not None,
    }
    return render(request, "booths/public_protocol.html", context)


def _run(fair: Fair) -> AllocationRun:
    run = published_run_of(fair)
    if run is None:
        raise Http404
    return run


@require_safe
def public_protocol_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The same on paper, as a worker has drawn it; until then a page that says so."""
    fair = public_fairs().get(code=code)
    paper = protocol_paper_of(_run(fair), get_language() or "vi")
    if paper is None or paper.file is None:
        response = render(
            request, "booths/protocol_waits.html", {"section": "fairs", "fair": fair}, status=202
        )
        response.headers["Retry-After"] = "5"
        return response
    return FileResponse(
        open_file(paper.file),
        content_type="application/pdf",
        as_attachment=True,
        filename=f"bien-ban-{fair.code}.pdf",
    )


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
