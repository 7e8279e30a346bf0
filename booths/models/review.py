"""How applications are judged: criteria, scores, tags, notes, the formula and what was told."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booths.models.application import Application
from booths.states import ApplicationState
from core.jobs import Job
from core.transitions import one_of
from fairs.models import Fair

MOST_POINTS = 10
MOST_WEIGHT = 10
DECISIONS = [ApplicationState.ELIGIBLE.value, ApplicationState.REFUSED.value]


class ReviewRules(models.Model):
    """By what one fair's applications are judged; a fair without a row has the usual formula.

    `formula` is what booths.priority.Formula.plain gives. The version counts up with the
    formula and with the criteria, so that of two who save at once the second is told.
    """

    fair = models.OneToOneField(Fair, on_delete=models.PROTECT, related_name="review_rules")
    formula = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("rules of review")
        verbose_name_plural = _("rules of review")

    def __str__(self) -> str:
        return str(self.fair)


class Criterion(models.Model):
    """Something that reviewers give 0 to 10 points for; it counts `weight` times."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="criteria")
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "name"], name="criterion_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=MOST_WEIGHT), name="criterion_weight_1_to_10"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return (get_language() == "en" and self.name_en) or self.name


class CriterionScore(models.Model):
    """The points that one reviewer gives one application for one criterion."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    points = models.PositiveSmallIntegerField(_("points"))
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion", "reviewer"], name="criterion_score_once"
            ),
            models.CheckConstraint(
                condition=Q(points__lte=MOST_POINTS), name="criterion_score_0_to_10"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.criterion}: {self.points}"


class Tag(models.Model):
    """A free word that reviewers put on applications of one fair; `key` is the word folded."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="tags")
    word = models.CharField(_("tag"), max_length=30)
    key = models.CharField(max_length=60)
    applications = models.ManyToManyField(Application, related_name="tags")

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["fair", "key"], name="tag_once")]

    def __str__(self) -> str:
        return self.word


class ReviewNote(models.Model):
    """What a reviewer noted about an application, for reviewers alone; it stays as written."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"))
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.application}: {self.author}"


class Decision(models.Model):
    """Applications decided on together."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveIntegerField(_("number"))
    to = models.CharField(_("decision"), max_length=12, choices=ApplicationState.choices)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("decision on applications")
        verbose_name_plural = _("decisions on applications")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "number"], name="decision_number_once"),
            models.CheckConstraint(condition=one_of("to", DECISIONS), name="decision_known"),
        ]

    def __str__(self) -> str:
        return f"{self.fair} #{self.number}"


class DecisionMessage(models.Model):
    """What one applicant is told of a decision, word for word as it was previewed.

    By e-mail its `job` sends it; without an address it goes on paper.
    """

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="messages")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("message of a decision")
        verbose_name_plural = _("messages of decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "application"], name="decision_message_once"
            )
        ]

    def __str__(self) -> str:
        return self.subject
