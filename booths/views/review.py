"""Doormen of the review: the queue, one application, deciding on several, what was told."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.rules import SignedIn
from booths import queries, rendering
from booths.actions import review as actions
from booths.forms.review import DecideForm, NoteForm, ScoreForm, TagForm
from booths.models import AllocationRun, Application
from booths.models.review import DECISIONS
from booths.queries import review as reads
from booths.queries.facts import histories_of
from booths.queries.waiting import waiter_of
from booths.rendering.review import chosen_in_words, facts_of, letters_of, seal_of
from booths.rules import (
    REVIEWED,
    can_enter_for_others,
    can_judge,
    can_pin,
    can_review,
    takes_applications,
)
from booths.states import APPLICATION, LIVE, ApplicationState, RunState
from core.errors import DomainError, NotAllowed, told_on
from core.text import clean
from fairs.models import Fair
from fairs.queries import fair_for
from fairs.rules import can_organise
from fairs.states import FairState

PAGE = 50
DECIDABLE = (ApplicationState.SUBMITTED, ApplicationState.ELIGIBLE, ApplicationState.REFUSED)


@login_required
def application_list(request: SignedIn, code: str) -> HttpResponse:
    """Who asks for booths, filtered and sorted, with what the records say of each."""
    fair = fair_for(request.user, code)
    is_reviewer = can_review(request.user, fair)
    wanted = _wanted(request, is_reviewer=is_reviewer)
    today = timezone.localdate()
    found = reads.queue_of(fair, wanted, reviewer=request.user, today=today)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = reads.rows_of(fair, list(page), reviewer=request.user, today=today)
    counts = queries.count_by_state(fair)
    states = [state for state in ApplicationState if state != ApplicationState.DRAFT]
    plan = reads.hall_of(fair)
    demand = queries.demand_of(fair, plan)
    booths = len(plan.booths.all()) if plan else 0
    criteria = reads.criteria_of(fair)
    places, tags = reads.places_of_applicants(fair), reads.tags_of(fair) if is_reviewer else []
    is_narrowed = wanted != reads.Wanted(sort=wanted.sort)
    context = {
        **_shell(fair),
        "page": page,
        "rows": [_row(fair, each) for each in rows],
        "wanted": wanted,
        "chosen": chosen_in_words(wanted, places=places, tags=tags, demand=demand),
        "is_narrowed": is_narrowed,
        "is_open": is_narrowed and not rows,
        "states": states,
        "places": places,
        "tags": tags,
        "demand": demand,
        "booths_wanted": sum(each.wanted for each in demand),
        "booths": booths,
        "standings": reads.standings_of(fair, booths=booths or None, hall=_("Whole hall")),
        "total": sum(counts[state] for state in states),
        "live": sum(counts[state] for state in LIVE),
        "submitted": counts[ApplicationState.SUBMITTED],
        "is_reviewer": is_reviewer,
        "has_criteria": bool(criteria),
        "can_decide": is_reviewer and fair.state in REVIEWED,
        "can_enter": can_enter_for_others(request.user, fair)
        and takes_applications(fair, timezone.now()),
    }
    return render(request, "booths/application_list.html", context)


def _wanted(request: SignedIn, *, is_reviewer: bool) -> reads.Wanted:
    """What the address asks for; words that only reviewers see are for them alone."""
    said = {name: clean(str(value)) for name, value in request.GET.items()}
    return reads.Wanted(
        search=said.get("q", ""),
        state=said.get("state", ""),
        group=said.get("group", ""),
        place=said.get("place", ""),
        sort=said.get("sort", ""),
        tag=said.get("tag", "") if is_reviewer else "",
        lacks_certificate=said.get("lacks_certificate") == "1",
        is_no_show=said.get("is_no_show") == "1",
        is_unscored=is_reviewer and said.get("is_unscored") == "1",
    )


def _row(fair: Fair, row: reads.Row) -> dict[str, Any]:
    facts = facts_of(fair, row.application.organisation, row.products, row.history)
    return {
        "application": row.application,
        "needs": rendering.offers_of(row.application),
        "priority": rendering.priority_in_words(row.application),
        "facts": [fact for fact in facts if fact.tone != "ok"],
        "tags": row.tags,
        "scoring": row.scoring,
        "traits": queries.traits_of(row.application),
        "can_be_chosen": row.application.state in DECIDABLE,
    }


@login_required
def application_page(request: SignedIn, code: str, application: str) -> HttpResponse:
    """One application: what is asked, why it comes first, what came of it."""
    fair = fair_for(request.user, code)
    return _show_page(request, fair, queries.application_of(fair, application))


@login_required
@require_POST
def application_score(request: SignedIn, code: str, application: str) -> HttpResponse:
    """Give one's points."""
    fair, row = _reviewed(request, code, application)
    criteria = reads.criteria_of(fair)
    form = ScoreForm(request.POST, criteria=criteria, given={})
    if not form.is_valid():
        return _show_page(request, fair, row, score_form=form)
    actions.score_application(application=row, points=form.points, actor=request.user)
    messages.success(request, _("Your points are saved. You can change them until the decision."))
    return redirect("application_page", code, row.code)


@login_required
@require_POST
def application_tag(request: SignedIn, code: str, application: str) -> HttpResponse:
    """Put a word on the application, or take one off."""
    fair, row = _reviewed(request, code, application)
    if key := request.POST.get("remove"):
        actions.untag_application(application=row, key=clean(key), actor=request.user)
        return redirect("application_page", code, row.code)
    form = TagForm(request.POST)
    if form.is_valid():
        word = form.cleaned_data["word"]
        with told_on(form, "word"):
            actions.tag_application(application=row, word=word, actor=request.user)
    if form.errors:
        return _show_page(request, fair, row, tag_form=form)
    return redirect("application_page", code, row.code)


@login_required
@require_POST
def application_note(request: SignedIn, code: str, application: str) -> HttpResponse:
    """Note something for the other reviewers."""
    fair, row = _reviewed(request, code, application)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _show_page(request, fair, row, note_form=form)
    text = form.cleaned_data["text"]
    actions.note_application(application=row, text=text, actor=request.user)
    return redirect("application_page", code, row.code)


def _reviewed(request: SignedIn, code: str, application: str) -> tuple[Fair, Application]:
    fair = fair_for(request.user, code)
    row = queries.application_of(fair, application)
    actions.require_judge(request.user, row)
    return fair, row


def _show_page(
    request: SignedIn, fair: Fair, row: Application, **forms_sent: forms.Form
) -> HttpResponse:
    run = _published_run(fair, row)
    shown = _show_run(fair, run) if run else None
    is_reviewer = can_judge(request.user, row)
    today = timezone.localdate()
    placement = queries.placement_of(row)
    products = list(queries.products_of(row, fair.end))
    history = histories_of(fair, [row.organisation_id], today=today)[row.organisation_id]
    context = {
        **_shell(fair),
        "application": row,
        "priority": rendering.priority_in_words(row),
        "offers": rendering.offers_of(row),
        "wishes": rendering.wishes_in_words(row.wishes),
        "products": products,
        "facts": facts_of(fair, row.organisation, products, history),
        "refusal": queries.refusal_of(row),
        "run": run,
        "booths": placement.booths,
        "placement": placement,
        "waiter": waiter_of(row),
        "can_release": fair.state in (FairState.PUBLISHED, FairState.RUNNING)
        and can_organise(request.user, fair),
        "unplaced": _row_of(shown.unplaced if shown else (), row),
        "is_reviewer": is_reviewer,
        "can_pin": can_organise(request.user, fair) and can_pin(fair) and row.state in LIVE,
        "can_accept": is_reviewer and _may_become(fair, row, ApplicationState.ELIGIBLE),
        "can_refuse": is_reviewer and _may_become(fair, row, ApplicationState.REFUSED),
    }
    if is_reviewer:
        context |= _reviewing(request, fair, row) | forms_sent
    status = 422 if forms_sent else 200
    return render(request, "booths/application_page.html", context, status=status)


def _may_become(fair: Fair, application: Application, state: ApplicationState) -> bool:
    return fair.state in REVIEWED and APPLICATION.allows(application.state, state)


def _reviewing(request: SignedIn, fair: Fair, row: Application) -> dict[str, Any]:
    """What only reviewers see of an application."""
    criteria = reads.criteria_of(fair)
    given = reads.own_points(row, request.user)
    is_open = fair.state in REVIEWED and row.state == ApplicationState.SUBMITTED
    return {
        "criteria": [(each, given.get(each.pk)) for each in criteria],
        "scoring": reads.scorings_of([row], request.user)[row.pk],
        "can_score": bool(criteria) and is_open,
        "score_form": ScoreForm(criteria=criteria, given=given),
        "tags": list(row.tags.all()),
        "tags_in_use": reads.tags_of(fair),
        "tag_form": TagForm(),
        "notes": reads.notes_of(row),
        "note_form": NoteForm(),
    }


def _published_run(fair: Fair, application: Application) -> AllocationRun | None:
    """The run that decided on the application, if one has."""
    if application.state not in (ApplicationState.PLACED, ApplicationState.WAITING_LIST):
        return None
    run = queries.runs_of(fair).filter(state=RunState.PUBLISHED).first()
    return run if run and _is_in(run, application) else None


def _is_in(run: AllocationRun, application: Application) -> bool:
    assert run.answer is not None
    return application.code in {**run.answer["assignments"], **run.answer["unplaced"]}


def _show_run(fair: Fair, run: AllocationRun) -> rendering.ShownRun:
    applications = {each.code: each for each in queries.applications_in(fair)}
    return rendering.show_run(run, applications=applications, quotas=queries.quotas_of(fair))


def _row_of(rows: Any, application: Application) -> Any:
    return next((each for each in rows if each.application.pk == application.pk), None)


@login_required
@require_POST
def application_review(request: SignedIn, code: str) -> HttpResponse:
    """Show what the chosen would be told (`step` is anything else), or decide (`decide`)."""
    fair = fair_for(request.user, code)
    actions.require_reviewer(request.user, fair)
    to = request.POST.get("to", "")
    if to not in DECISIONS:
        raise DomainError("review.invalid", _("This decision is not known."))
    codes = {clean(each) for each in request.POST.getlist("application")}
    choice = reads.choice_of(fair, codes)
    chosen = [each for each in choice.applications if APPLICATION.allows(each.state, to)]
    if not choice.applications:
        raise DomainError("review.nothing_chosen", _("Choose the applications first."))
    form = DecideForm(request.POST, applications=choice.applications)
    is_valid = form.is_valid()
    if request.POST.get("step") != "decide":
        return _preview(request, fair, choice, chosen, form, status=200 if is_valid else 422)
    form.require_reasons()
    if form.errors:
        return _preview(request, fair, choice, chosen, form, status=422)
    try:
        decision = actions.decide_applications(
            fair=fair,
            codes=form.codes,
            to=to,
            actor=request.user,
            reasons=form.reasons,
            seen=form.seen,
        )
    except NotAllowed:
        raise
    except DomainError as error:
        choice = reads.choice_of(fair, codes)
        chosen = [each for each in choice.applications if APPLICATION.allows(each.state, to)]
        form.add_error(None, str(error))
        return _preview(request, fair, choice, chosen, form, status=409)
    count = len(form.codes)
    said = ngettext("%(count)d application decided.", "%(count)d applications decided.", count)
    messages.success(request, said % {"count": count})
    return redirect("decision_page", code, decision.number)


def _preview(
    request: SignedIn,
    fair: Fair,
    choice: reads.Choice,
    chosen: Sequence[Application],
    form: DecideForm,
    *,
    status: int,
) -> HttpResponse:
    """The very messages that would go out, and what the decision does to the quotas."""
    to = request.POST["to"]
    plan = reads.hall_of(fair)
    booths = len(plan.booths.all()) if plan else None
    letters = letters_of(reads.Choice(list(chosen), choice.readers), to=to, reasons=form.reasons)
    context = {
        **_shell(fair),
        "form": form,
        "to": to,
        "letters": [(each, form.own_field(each.application.code)) for each in letters],
        "left_out": [each for each in choice.applications if each not in chosen],
        "seal": seal_of(letters),
        "on_paper": sum(not each.reader.email for each in letters),
        "standings": reads.standings_of(
            fair,
            booths=booths,
            hall=_("Whole hall"),
            chosen=[each.code for each in chosen],
            to=to,
        ),
    }
    return render(request, "booths/application_decide.html", context, status=status)


@login_required
@require_safe
def decision_list(request: SignedIn, code: str) -> HttpResponse:
    """What was decided at the fair, and how far the messages got."""
    fair = fair_for(request.user, code)
    page = Paginator(reads.decisions_of(fair), PAGE).get_page(request.GET.get("page"))
    return render(request, "booths/decision_list.html", {**_shell(fair), "page": page})


@login_required
@require_safe
def decision_page(request: SignedIn, code: str, number: int) -> HttpResponse:
    """One decision: its messages, and who has to be told on paper."""
    fair = fair_for(request.user, code)
    decision = reads.decision_of(fair, number)
    told = list(reads.messages_of(decision))
    context = {
        **_shell(fair),
        "decision": decision,
        "mailed": [each for each in told if each.job],
        "on_paper": [each for each in told if not each.job],
        "can_organise": can_organise(request.user, fair),
    }
    return render(request, "booths/decision_page.html", context)


def _shell(fair: Fair) -> dict[str, Any]:
    return {"section": "fairs", "tab": "applications", "fair": fair}
