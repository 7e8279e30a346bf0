"""Doormen of the organising teams and the performance crews."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.rules import SignedIn
from core.errors import DomainError, NotAllowed, told_on
from fairs.actions.teams import add_squad, delete_squad, rename_squad, require_office
from fairs.forms.teams import SquadForm
from fairs.models import Crew, Team
from fairs.queries.teams import Squad, crews, teams
from fairs.rules import can_plan
from fairs.views.venues import require_desk


@dataclass(frozen=True)
class Shelf:
    """The pages of teams or those of crews."""

    kind: type[Team] | type[Crew]
    word: str

    @property
    def limit(self) -> int:
        return self.kind._meta.get_field("name").max_length or 0

    def rows(self) -> list[Team] | list[Crew]:
        return teams() if self.kind is Team else crews()


TEAMS, CREWS = Shelf(Team, "team"), Shelf(Crew, "crew")


@login_required
def team_list(request: SignedIn) -> HttpResponse:
    """The organising teams, and a new one."""
    return _list(request, TEAMS)


@login_required
def team_edit(request: SignedIn, number: int) -> HttpResponse:
    """Another name for a team."""
    return _edit(request, TEAMS, Team.objects.get(pk=number))


@login_required
@require_POST
def team_delete(request: SignedIn, number: int) -> HttpResponse:
    """Take away a team without fairs."""
    return _delete(request, TEAMS, number)


@login_required
def crew_list(request: SignedIn) -> HttpResponse:
    """The performance crews, and a new one."""
    return _list(request, CREWS)


@login_required
def crew_edit(request: SignedIn, number: int) -> HttpResponse:
    """Another name for a crew."""
    return _edit(request, CREWS, Crew.objects.get(pk=number))


@login_required
@require_POST
def crew_delete(request: SignedIn, number: int) -> HttpResponse:
    """Take away a crew without sessions."""
    return _delete(request, CREWS, number)


def _list(request: SignedIn, shelf: Shelf) -> HttpResponse:
    require_desk(request.user)
    if request.method != "POST":
        return _page(request, shelf, SquadForm(limit=shelf.limit))
    require_office(request.user)
    form = SquadForm(request.POST, limit=shelf.limit)
    if form.is_valid():
        with told_on(form, "name"):
            add_squad(kind=shelf.kind, name=form.cleaned_data["name"], actor=request.user)
            messages.success(request, _("Recorded."))
            return redirect(f"{shelf.word}_list")
    return _page(request, shelf, form)


def _edit(request: SignedIn, shelf: Shelf, squad: Squad) -> HttpResponse:
    require_office(request.user)
    if request.method != "POST":
        return _page(request, shelf, SquadForm(limit=shelf.limit, seen=squad.name), squad)
    form = SquadForm(request.POST, limit=shelf.limit)
    if form.is_valid():
        try:
            rename_squad(squad=squad, actor=request.user, **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            # Whoever is second has been told; what is sent next was decided knowingly.
            form.data = {**request.POST.dict(), "seen": type(squad).objects.get(pk=squad.pk).name}
            form.add_error("name", str(error))
        else:
            messages.success(request, _("Recorded."))
            return redirect(f"{shelf.word}_list")
    return _page(request, shelf, form, squad)


def _delete(request: SignedIn, shelf: Shelf, number: int) -> HttpResponse:
    require_office(request.user)
    squad: Squad = shelf.kind.objects.get(pk=number)
    delete_squad(squad=squad, actor=request.user)
    messages.success(request, _("“%(name)s” is taken away.") % {"name": squad})
    return redirect(f"{shelf.word}_list")


def _page(
    request: SignedIn, shelf: Shelf, form: SquadForm, squad: Squad | None = None
) -> HttpResponse:
    context = {
        "section": "venues",
        "word": shelf.word,
        "rows": shelf.rows(),
        "squad": squad,
        "form": form,
        "can_change": can_plan(request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "fairs/teams.html", context, status=status)
