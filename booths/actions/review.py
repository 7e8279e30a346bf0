"""Writes: applications are scored, tagged, noted about and decided on."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths import tasks
from booths.actions.priorities import renew_priorities
from booths.models import (
    Application,
    CriterionScore,
    Decision,
    DecisionMessage,
    ReviewNote,
    Tag,
)
from booths.models.review import DECISIONS, MOST_POINTS
from booths.queries.review import criteria_of, with_readers
from booths.queries.waiting import open_offer_of
from booths.rendering.review import Letter, letters_of, seal_of
from booths.rules import MOST_TAGS, can_judge, can_review, check_reviewable
from booths.states import APPLICATION, ApplicationState, OfferState
from booths.tasks.offers import ask_to_pass_on, end_offer
from core import audit
from core.errors import DomainError, NotAllowed, StaleState
from core.locks import lock_row, lock_rows
from core.text import fold
from fairs.models import Fair
from fairs.states import FairState

VERBS = {
    ApplicationState.ELIGIBLE: "booths.application_accepted",
    ApplicationState.REFUSED: "booths.application_refused",
}
LONGEST_TAG, LONGEST_NOTE = 30, 1000


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody had before them when they decided.

    `versions` are those of the applications, by code; `seal` is `seal_of` the letters.
    """

    versions: Mapping[str, int] = field(default_factory=dict)
    seal: str = ""


@transaction.atomic(durable=True)
def decide_applications(
    *,
    fair: Fair,
    codes: Collection[str],
    to: str,
    actor: User,
    reason: str = "",
    reasons: Mapping[str, str] | None = None,
    seen: Seen | None = None,
) -> Decision:
    """Accept (`eligible`) or refuse applications, all of them or none, and tell the applicants.

    `reasons`, by code, go before the `reason` for all. Each gets the priority that the formula
    gives now that its points are final. Once the booths are published, who is accepted joins the
    waiting list, and who is refused loses an open offer. With `seen`, nothing is decided that has
    changed since.

    Raises NotAllowed, DomainError `review.invalid`, `review.nothing_chosen`,
    `review.reason_missing`, `review.not_open`, `review.own` (the actor represents one of them),
    StaleState `review.changed_meanwhile`, `review.letters_changed` or that of a move.
    """
    require_reviewer(actor, fair)
    if to not in DECISIONS:
        raise DomainError("review.invalid", _("This decision is not known."))
    said = {code: (reasons or {}).get(code) or reason for code in codes}
    if to == ApplicationState.REFUSED and not all(said.values()):
        raise DomainError("review.reason_missing", _("Say why the application is refused."))
    row = lock_row(fair)
    check_reviewable(row)
    chosen = Application.objects.filter(fair=row, code__in=said)
    applications = lock_rows(chosen.select_related("fair", "group", "organisation"))
    if not applications or len(applications) != len(said):
        raise DomainError("review.nothing_chosen", _("Choose the applications first."))
    _require_impartial(actor, applications)
    letters = _letters(applications, to, said, seen)
    for application in applications:
        APPLICATION.move(application, ApplicationState(to), version=application.version + 1)
    priorities = renew_priorities(row, applications)
    event = _record_decisions(applications, to, said, priorities, actor)
    if row.state == FairState.PUBLISHED:
        ask_to_pass_on(row, event)
    newest = Decision.objects.filter(fair=row).first()
    decision = Decision.objects.create(
        fair=row, number=newest.number + 1 if newest else 1, to=to, decided_by=actor
    )
    for letter in letters:
        _tell(decision, letter, actor)
    return decision


def _record_decisions(
    applications: list[Application],
    to: str,
    said: Mapping[str, str],
    priorities: Mapping[str, object],
    actor: User,
) -> audit.AuditEvent:
    """Write down each decision and take back what the refused were offered; the last event."""
    for application in applications:
        reason, code = said[application.code], application.code
        if to == ApplicationState.REFUSED and (offer := open_offer_of(application)):
            offer.application.fair = application.fair
            end_offer(offer, OfferState.WITHDRAWN, now=timezone.now(), actor=actor, note=reason)
        event = audit.record(
            stream=application.fair.stream,
            actor=actor,
            verb=VERBS[ApplicationState(to)],
            subject=code,
            reason=reason,
            **({"priority": priorities[code]} if code in priorities else {}),
        )
    return event


def _letters(
    applications: list[Application], to: str, said: dict[str, str], seen: Seen | None
) -> list[Letter]:
    """What each is told, if it is still what was seen."""
    if seen:
        changed = [
            each.code
            for each in applications
            if each.version != seen.versions.get(each.code)
            or not APPLICATION.allows(each.state, to)
        ]
        if changed:
            raise StaleState(
                "review.changed_meanwhile",
                _(
                    "Somebody else has decided on %(codes)s or changed it in the meantime. "
                    "Nothing was decided; your choice and your reasons are kept below."
                ),
                codes=", ".join(sorted(changed)),
            )
    ordered = sorted(applications, key=lambda each: each.code)
    letters = letters_of(with_readers(ordered), to=to, reasons=said)
    if seen and seal_of(letters) != seen.seal:
        raise StaleState(
            "review.letters_changed",
            _("The messages are no longer those you read. Read them again, then decide."),
        )
    return letters


def _tell(decision: Decision, letter: Letter, actor: User) -> None:
    message = DecisionMessage.objects.create(
        decision=decision,
        application=letter.application,
        email=letter.reader.email,
        language=letter.reader.language,
        subject=letter.subject,
        body=letter.body,
    )
    if message.email:
        message.job = tasks.send_decision.ask(
            key=f"decision:{letter.application.code}:{decision.number}",
            stream=decision.fair.stream,
            actor=actor,
            message=message.pk,
        )
        message.save(update_fields=["job"])


@transaction.atomic(durable=True)
def score_application(
    *, application: Application, points: Mapping[int, int], actor: User
) -> Application:
    """Give one's points, 0 to 10 by the key of each criterion; given again, they replace them.

    Raises NotAllowed, DomainError `review.not_open`, `score.none_asked`, `score.decided`,
    `score.incomplete`, `score.points`.
    """
    require_judge(actor, application)
    fair = lock_row(application.fair)
    check_reviewable(fair)
    row = lock_row(application)
    criteria = criteria_of(fair)
    if not criteria:
        raise DomainError("score.none_asked", _("This fair has no criteria to score by."))
    if row.state != ApplicationState.SUBMITTED:
        raise DomainError(
            "score.decided", _("This application has been decided on: its points stay.")
        )
    if set(points) != {each.pk for each in criteria}:
        raise DomainError("score.incomplete", _("Give points for every criterion."))
    if not all(0 <= each <= MOST_POINTS for each in points.values()):
        raise DomainError("score.points", _("Points are whole numbers from 0 to 10."))
    before = dict(
        CriterionScore.objects.filter(application=row, reviewer=actor).values_list(
            "criterion", "points"
        )
    )
    if before == dict(points):
        return row
    for key, each in points.items():
        CriterionScore.objects.update_or_create(
            application=row, criterion_id=key, reviewer=actor, defaults={"points": each}
        )
    names = {each.pk: each.name for each in criteria}
    audit.record(
        stream=fair.stream,
        actor=actor,
        verb="booths.application_scored",
        subject=row.code,
        points={names[key]: [before.get(key), each] for key, each in points.items()},
    )
    return row


@transaction.atomic(durable=True)
def tag_application(*, application: Application, word: str, actor: User) -> Tag:
    """Put a word on the application; a word in use, however it is accented, is taken as it is.

    Raises NotAllowed, DomainError `tag.missing`, `tag.long`, `tag.too_many`.
    """
    require_judge(actor, application)
    if not fold(word):
        raise DomainError("tag.missing", _("Write a word."))
    if len(word) > LONGEST_TAG:
        raise DomainError("tag.long", _("A tag has 30 characters at most."))
    fair = lock_row(application.fair)
    tags = {each.key: each for each in Tag.objects.filter(fair=fair)}
    tag = tags.get(fold(word))
    if tag is None:
        if len(tags) >= MOST_TAGS:
            raise DomainError(
                "tag.too_many",
                _("This fair has %(most)s tags already: %(words)s. Use one of them."),
                most=MOST_TAGS,
                words=", ".join(each.word for each in tags.values()),
            )
        tag = Tag.objects.create(fair=fair, word=word, key=fold(word))
    if not tag.applications.filter(pk=application.pk).exists():
        tag.applications.add(application)
        _record(application, actor, "booths.application_tagged", word=tag.word)
    return tag


@transaction.atomic(durable=True)
def untag_application(*, application: Application, key: str, actor: User) -> None:
    """Take a word off the application; one that is on no other is forgotten.

    Raises NotAllowed. A word that is not there is left alone.
    """
    require_judge(actor, application)
    fair = lock_row(application.fair)
    tag = Tag.objects.filter(fair=fair, key=key, applications=application).first()
    if tag is None:
        return
    tag.applications.remove(application)
    if not tag.applications.exists():
        tag.delete()
    _record(application, actor, "booths.application_untagged", word=tag.word)


@transaction.atomic(durable=True)
def note_application(*, application: Application, text: str, actor: User) -> ReviewNote:
    """Note something for the other reviewers; the record says that, not what.

    Raises NotAllowed, DomainError `note.missing`, `note.long`.
    """
    require_judge(actor, application)
    if not text:
        raise DomainError("note.missing", _("Write the note first."))
    if len(text) > LONGEST_NOTE:
        raise DomainError("note.long", _("A note has 1,000 characters at most."))
    note = ReviewNote.objects.create(application=application, author=actor, text=text)
    _record(application, actor, "booths.application_noted", note=note.pk)
    return note


def require_reviewer(actor: User, fair: Fair) -> None:
    """Raise NotAllowed unless `actor` reviews the fair's applications."""
    if not can_review(actor, fair):
        raise NotAllowed("fair.not_reviewer", _("Only a reviewer of this fair may do this."))


def require_judge(actor: User, application: Application) -> None:
    """Raise NotAllowed unless `actor` reviews the fair's applications and does not act for it."""
    if not can_judge(actor, application):
        raise NotAllowed(
            "review.not_yours",
            _("Only a reviewer of this fair who does not act for the applicant may do this."),
        )


def _require_impartial(actor: User, applications: list[Application]) -> None:
    acting = actor.representations.filter(
        organisation__in=[each.organisation_id for each in applications]
    )
    if names := [str(each.organisation) for each in acting.select_related("organisation")]:
        raise DomainError(
            "review.own",
            _("You act for %(names)s: somebody else has to decide on their application."),
            names=", ".join(names),
        )


def _record(application: Application, actor: User, verb: str, **facts: object) -> None:
    audit.record(
        stream=application.fair.stream, actor=actor, verb=verb, subject=application.code, **facts
    )
