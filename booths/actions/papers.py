"""Writes: a paper of the booths is asked for."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import User
from booths.allocation import encode_canonical
from booths.models import BoothPaper
from booths.queries import published_plan_of
from booths.queries.papers import stands_in
from booths.rendering.papers import PAPERS, content_of
from booths.tasks.papers import draw_booth_paper
from core import audit
from core.errors import DomainError, NotAllowed
from core.locks import lock_row
from fairs.models import Fair
from fairs.rules import can_see_fair


@transaction.atomic(durable=True)
def make_paper(*, fair: Fair, name: str, language: str, actor: User) -> BoothPaper:
    """Ask for a paper as the booths are now; the same as before is the paper of before.

    Raises NotAllowed, DomainError `papers.unknown`, `floor_plan.none`, `papers.no_stands`.
    """
    if not can_see_fair(actor, fair):
        raise NotAllowed("fair.not_seen", _("You have no role at this fair."))
    if name not in PAPERS:
        raise DomainError("papers.unknown", _("There is no such paper."))
    row = lock_row(fair)
    plan = published_plan_of(row)
    if plan is None:
        raise DomainError("floor_plan.none", _("This fair has no floor plan yet."))
    stands = stands_in(row, plan)
    if name == BoothPaper.Name.SIGNS and not stands:
        raise DomainError(
            "papers.no_stands", _("Nobody has a booth yet: there is no sign to print.")
        )
    with override(language):
        content = content_of(name, row, plan, stands)
    digest = sha256(encode_canonical(content)).hexdigest()
    paper, _created = BoothPaper.objects.update_or_create(
        fair=row,
        name=name,
        language=language,
        content_sha256=digest,
        defaults={"asked_at": timezone.now(), "asked_by": actor},
        create_defaults={"content": content, "asked_by": actor},
    )
    if paper.file is None:
        audit.record(
            stream=row.stream,
            actor=actor,
            verb="booths.paper_asked",
            subject=f"{row.code}:{name}",
            language=language,
            content_sha256=digest,
        )
        paper.job = draw_booth_paper.ask(
            key=f"{row.code}:{paper.pk}", stream=row.stream, actor=actor, paper=paper.pk
        )
        paper.save(update_fields=["job"])
    return paper
