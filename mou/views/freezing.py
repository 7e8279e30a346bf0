"""The doorman of freezing many drafts at once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules import SignedIn
from fairs.queries import organised_fair_for
from mou import actions
from mou.models import Memorandum
from mou.queries.readiness import points_of_all, standard_order, with_draft
from mou.states import MemorandumState


@login_required
def fair_drafts(request: SignedIn, code: str) -> HttpResponse:
    """The fair's drafts with what each still lacks; those that are ready are ticked to freeze."""
    fair = organised_fair_for(request.user, code)
    if request.method == "POST":
        codes = request.POST.getlist("draft")
        frozen, left = actions.freeze_memoranda(fair=fair, codes=codes, actor=request.user)
        _say(request, len(frozen), len(left))
        return redirect("fair_drafts", code)
    wanted = Memorandum.objects.filter(fair=fair, state=MemorandumState.DRAFT)
    drafts = list(standard_order(with_draft(wanted)))
    points = points_of_all(drafts)
    rows = [
        (row, points[row.pk], not any(point.is_blocking for point in points[row.pk]))
        for row in drafts
    ]
    context = {
        "section": "fairs",
        "tab": "memoranda",
        "fair": fair,
        "rows": rows,
        "ready": sum(is_ready for _row, _points, is_ready in rows),
    }
    return render(request, "mou/fair_drafts.html", context)


def _say(request: SignedIn, frozen: int, left: int) -> None:
    if frozen:
        text = ngettext(
            "%(count)s memorandum is frozen and has its number.",
            "%(count)s memoranda are frozen and have their numbers.",
            frozen,
        )
        messages.success(request, text % {"count": frozen})
    if left:
        text = ngettext(
            "%(count)s draft is not ready and was left as it is.",
            "%(count)s drafts are not ready and were left as they are.",
            left,
        )
        messages.warning(request, text % {"count": left})
    if not frozen and not left:
        messages.info(request, _("No draft was ticked."))
