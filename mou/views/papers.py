"""Doormen of the paper way: print it, sign it by hand, keep the scan."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed
from core.storage import open_file
from mou import actions, queries
from mou.forms import PaperForm
from mou.rendering import print_for_hand
from mou.rules import can_download
from mou.states import SIGNABLE


@login_required
def memorandum_print(request: SignedIn, code: str) -> HttpResponse:
    """The frozen text as a PDF to be signed by hand; it bears no seal and says so."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    if memorandum.state not in SIGNABLE:
        raise Http404
    response = HttpResponse(print_for_hand(memorandum), content_type="application/pdf")
    name = f"ban-in-de-ky-tay-{memorandum.number:02}-{memorandum.year}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@login_required
def memorandum_paper(request: SignedIn, code: str) -> HttpResponse:
    """Sign on paper: the print, and then its scan."""
    memorandum = queries.operated_memorandum_for(request.user, code)
    if memorandum.state not in SIGNABLE:
        raise Http404
    is_sent = request.method == "POST"
    form = PaperForm(request.POST, request.FILES) if is_sent else PaperForm()
    if is_sent and form.is_valid():
        try:
            actions.attach_paper(
                memorandum=memorandum,
                content=form.cleaned_data["file"].read(),
                signed_on=form.cleaned_data["signed_on"],
                actor=request.user,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error("signed_on" if error.code == "paper.day" else "file", str(error))
        else:
            messages.success(request, _("The paper is kept. The memorandum is in force."))
            return redirect("memorandum_page", code)
    context = {"section": "memoranda", "memorandum": memorandum, "form": form}
    status = 422 if form.errors else 200
    return render(request, "mou/memorandum_paper.html", context, status=status)


@login_required
def memorandum_scan(request: SignedIn, code: str) -> HttpResponseBase:
    """The scan of the paper original, byte for byte."""
    memorandum = queries.memorandum_for(request.user, code)
    scan = queries.paper_rendition(memorandum)
    if scan is None or not can_download(request.user, memorandum):
        raise Http404
    suffix = scan.file.name.rpartition(".")[2]
    response = FileResponse(
        open_file(scan.file),
        content_type=scan.file.media_type,
        as_attachment=True,
        filename=f"ban-giay-{memorandum.number:02}-{memorandum.year}.{suffix}",
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
