"""Doormen of the floor plan: drawing it, its versions, its pictures and what is exported."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import SignedIn
from booths import rendering
from booths.actions.floor_plan import (
    MOST_BYTES,
    InvalidPlan,
    add_plan_picture,
    restore_floor_plan,
    save_floor_plan,
)
from booths.floor import Plan, compare_plans, write_plan
from booths.forms.floor_plan import (
    BaseForm,
    BoothForm,
    FeatureForm,
    HallForm,
    RenumberForm,
    RowForm,
    ZoneForm,
)
from booths.models import FloorPlan
from booths.queries.floor_plan import (
    current_floor,
    floor_of,
    floor_version,
    groups_by_code,
    holders_of,
    pictures_of,
    versions_of,
)
from booths.rendering.floor_editor import editor_words
from booths.rendering.floor_files import FILES
from booths.rendering.floor_words import FEATURE_NAMES, changes_in_words, problem_in_words
from core.errors import DomainError, NotAllowed, StaleState
from core.storage import open_file
from fairs.models import Fair
from fairs.queries import fair_for, organised_fair_for
from fairs.rules import can_organise
from fairs.states import OVER


def shell(fair: Fair) -> dict[str, Any]:
    """What every page about the plan knows."""
    return {"section": "fairs", "tab": "floor_plan", "fair": fair}


@login_required
@require_safe
def floor_plan_edit(request: SignedIn, code: str) -> HttpResponse:
    """The plan under the hand: <floor-plan> draws and changes it, one button saves."""
    fair = organised_fair_for(request.user, code)
    version, floor = current_floor(fair)
    context = {
        **shell(fair),
        "version": version,
        "document": json.dumps(write_plan(floor), ensure_ascii=False),
        "facts": json.dumps(_facts(fair), ensure_ascii=False),
        "forms": _forms(floor),
        "is_over": fair.state in OVER,
    }
    return render(request, "booths/floor_plan_edit.html", context)


def _forms(floor: Plan) -> dict[str, Any]:
    """The forms beside the plan, the same as those of the list."""
    letters = floor.zones[-1].code if floor.zones else "A"
    return {
        "booth": BoothForm(floor=floor, prefix="booth"),
        "feature": FeatureForm(floor=floor, prefix="feature"),
        "row": RowForm(floor=floor, prefix="row", initial={"letters": letters}),
        "renumber": RenumberForm(floor=floor, prefix="renumber", initial={"letters": letters}),
        "zone": ZoneForm(floor=floor, prefix="zone"),
        "hall": HallForm(floor=floor, prefix="hall"),
    }


def _facts(fair: Fair) -> dict[str, Any]:
    """What the editor has to know besides the plan."""
    return {
        "groups": [{"code": group.code, "name": group.name} for group in groups_by_code().values()],
        "kinds": {kind: str(name) for kind, name in FEATURE_NAMES.items()},
        "held": {code: str(each.organisation) for code, each in holders_of(fair).items()},
        "words": editor_words(),
        "pictures": [_picture(fair, each) for each in pictures_of(fair)],
    }


def _picture(fair: Fair, picture: Any) -> dict[str, Any]:
    return {
        "number": picture.number,
        "width": picture.width,
        "height": picture.height,
        "url": reverse("floor_plan_picture", args=[fair.code, picture.number]),
    }


@login_required
@require_POST
def floor_plan_save(request: SignedIn, code: str) -> HttpResponse:
    """Keep the drawn plan as a new version; to <floor-plan> every answer is JSON.

    200: `version`. 409: somebody else was first; `version`, their `document`, and `changes`, what
    they changed, in sentences. 422: `problems`, each a sentence with its place.
    """
    fair = organised_fair_for(request.user, code)
    wants_json = request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    form = BaseForm(request.POST)
    if not form.is_valid():
        raise DomainError("floor_plan.no_base", _("The floor plan was sent incompletely."))
    base = form.cleaned_data["base"]
    try:
        plan = save_floor_plan(
            fair=fair, base=base, document=_document(request), actor=request.user
        )
    except NotAllowed:
        raise
    except DomainError as error:
        if not wants_json:
            raise
        return _refusal(fair, base, error)
    if wants_json:
        return JsonResponse({"version": plan.version})
    messages.success(request, saved_text(plan.version))
    return redirect("floor_plan", code)


def saved_text(version: int) -> str:
    """What is said once a plan is saved."""
    return _("The floor plan is saved as version %(version)s.") % {"version": version}


def _document(request: HttpRequest) -> Any:
    """What was drawn; whatever is no JSON is no plan, and is refused as one."""
    try:
        return json.loads(request.POST.get("document", ""))
    except (ValueError, RecursionError):
        return None


def _refusal(fair: Fair, base: int, error: DomainError) -> JsonResponse:
    if isinstance(error, InvalidPlan):
        problems = [
            {"place": each.place, "text": problem_in_words(each)} for each in error.problems
        ]
        return JsonResponse({"text": str(error), "problems": problems}, status=422)
    if isinstance(error, StaleState):
        version, floor = current_floor(fair)
        answer = {
            "text": str(error),
            "version": version,
            "document": write_plan(floor),
            "changes": changes_since(fair, base),
        }
        return JsonResponse(answer, status=409)
    return JsonResponse({"text": str(error), "problems": []}, status=422)


def changes_since(fair: Fair, base: int) -> list[str]:
    """What others have changed since a version, in sentences."""
    old = FloorPlan.objects.filter(fair=fair, version=base).exists()
    if not old:
        return []
    before = floor_of(floor_version(fair, base))
    return changes_in_words(compare_plans(before, current_floor(fair)[1]))


@login_required
def floor_plan_versions(request: SignedIn, code: str) -> HttpResponse:
    """Every version there has been."""
    fair = fair_for(request.user, code)
    context = {
        **shell(fair),
        "versions": versions_of(fair),
        "can_restore": can_organise(request.user, fair) and fair.state not in OVER,
    }
    return render(request, "booths/floor_plan_versions.html", context)


@login_required
def floor_plan_version(request: SignedIn, code: str, version: int) -> HttpResponse:
    """One version, and what bringing it back would change."""
    fair = fair_for(request.user, code)
    plan = floor_version(fair, version)
    number, now = current_floor(fair)
    changes = [] if plan.is_current else compare_plans(now, floor_of(plan))
    context = {
        **shell(fair),
        "plan": plan,
        "drawing": rendering.draw_plan(plan),
        "current": number,
        "changes": changes_in_words(changes, most=40),
        "can_restore": can_organise(request.user, fair) and fair.state not in OVER,
    }
    return render(request, "booths/floor_plan_version.html", context)


@login_required
@require_POST
def floor_plan_restore(request: SignedIn, code: str, version: int) -> HttpResponse:
    """Bring an old version back, as the newest."""
    fair = organised_fair_for(request.user, code)
    form = BaseForm(request.POST)
    base = form.cleaned_data["base"] if form.is_valid() else 0
    plan = restore_floor_plan(fair=fair, version=version, base=base, actor=request.user)
    messages.success(request, saved_text(plan.version))
    return redirect("floor_plan", code)


@login_required
@require_POST
def floor_plan_picture_add(request: SignedIn, code: str) -> HttpResponse:
    """A picture to lie under the plan; the answer tells <floor-plan> where it is."""
    fair = organised_fair_for(request.user, code)
    file = request.FILES.get("picture")
    # One byte more than may be: enough to see that it is too large.
    content = file.read(MOST_BYTES + 1) if file else b""
    try:
        picture = add_plan_picture(fair=fair, content=content, actor=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        return JsonResponse({"text": str(error)}, status=422)
    return JsonResponse(_picture(fair, picture))


@login_required
def floor_plan_picture(request: SignedIn, code: str, number: int) -> HttpResponseBase:
    """A picture that lies under the plan, as we drew it anew."""
    fair = fair_for(request.user, code)
    picture = pictures_of(fair).get(number=number)
    response = FileResponse(open_file(picture.file), content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@login_required
def floor_plan_file(request: SignedIn, code: str, version: int, ending: str) -> HttpResponse:
    """A version as a file: json, svg, png, a4.pdf, a3.pdf."""
    fair = fair_for(request.user, code)
    if ending not in FILES:
        raise Http404
    media_type, write = FILES[ending]
    content = write(floor_version(fair, version))
    filename = f"so-do-{fair.code}-{version}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
