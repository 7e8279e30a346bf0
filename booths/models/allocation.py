"""Runs of the allocation, the draw of its seed, and the booths that are given."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booths.models.application import Application
from booths.models.plan import Booth, FloorPlan
from booths.states import RunState
from core.jobs import Job
from core.transitions import one_of
from fairs.models import Fair


class SeedDraw(models.Model):
    """How the seed of a fair's lot was fixed in public: committed to and revealed, or drawn.

    Committed, `secret` is what will be the seed and nobody is shown it before it is revealed;
    `commitment` is its SHA-256, public at once. Drawn on stage, `inputs` are the numbers in the
    order they were called out, and `secret` the seed they give.
    """

    class Method(models.TextChoices):
        COMMITTED = "committed", _("Committed before, revealed after")
        ON_STAGE = "on_stage", _("Drawn on stage")

    fair = models.OneToOneField(Fair, on_delete=models.PROTECT, related_name="seed_draw")
    method = models.CharField(max_length=10, choices=Method.choices)
    commitment = models.CharField(max_length=64, blank=True)
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    secret = models.CharField(max_length=80)
    inputs = models.JSONField(default=list)
    revealed_at = models.DateTimeField(null=True)
    revealed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("draw of a seed")
        verbose_name_plural = _("draws of seeds")
        constraints = [
            models.CheckConstraint(
                condition=one_of("method", ["committed", "on_stage"]),
                name="seed_draw_method_known",
            ),
            models.CheckConstraint(
                condition=Q(method="on_stage", committed_at__isnull=True, commitment="")
                | Q(method="committed", committed_at__isnull=False) & ~Q(commitment=""),
                name="seed_draw_committed_or_not",
            ),
            models.CheckConstraint(
                condition=Q(method="committed") | Q(revealed_at__isnull=False),
                name="seed_draw_on_stage_is_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair} ({self.get_method_display()})"

    @property
    def is_open(self) -> bool:
        """Whether everybody may know the seed."""
        return self.revealed_at is not None


class AllocationRun(models.Model):
    """One computed proposal, kept with its exact inputs, its seed, score, bound and reasons."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="runs")
    plan = models.ForeignKey(FloorPlan, on_delete=models.PROTECT, related_name="runs")
    number = models.PositiveIntegerField(_("run"))
    state = models.CharField(
        _("state"), max_length=12, choices=RunState.choices, default=RunState.COMPUTING
    )
    # The instance as canonical JSON text, byte for byte what was solved and hashed.
    instance = models.TextField()
    instance_sha256 = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    # Made from this run by moving stands by hand, one move after the other: a list of
    # {"application", "shifts": [[code, before, after], …], "gain", "reason", "by", "at"}.
    adjusted_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="adjusted"
    )
    moves = models.JSONField(default=list)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("allocation run")
        verbose_name_plural = _("allocation runs")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "number"], name="run_number_once"),
            models.UniqueConstraint(
                fields=["fair"], condition=Q(state=RunState.PUBLISHED), name="run_one_published"
            ),
            models.CheckConstraint(
                condition=one_of("state", RunState.values), name="run_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RunState.COMPUTING, RunState.ABANDONED])
                | Q(answer__isnull=False),
                name="run_proposal_has_answer",
            ),
            models.CheckConstraint(
                condition=Q(adjusted_from__isnull=True) | Q(answer__isnull=False),
                name="run_adjusted_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair} #{self.number}"


class Assignment(models.Model):
    """The stand given to an application. Released, it stays as history."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="assignments"
    )
    run = models.ForeignKey(
        AllocationRun, null=True, on_delete=models.PROTECT, related_name="assignments"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True)
    # Why the organiser took the stand back; empty where a later run or the producer ended it.
    release_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(released_at__isnull=True),
                name="assignment_one_live_per_application",
            )
        ]

    def __str__(self) -> str:
        return str(self.application)


class BoothDay(models.Model):
    """One booth on one day, held once: the row that makes "never twice" true.

    It is held by an assignment or, as long as nobody has answered, for an offer. An offer that is
    accepted stays named beside the assignment that it became.
    """

    assignment = models.ForeignKey(
        Assignment, null=True, on_delete=models.CASCADE, related_name="booth_days"
    )
    offer = models.ForeignKey(
        "booths.BoothOffer", null=True, on_delete=models.PROTECT, related_name="booth_days"
    )
    booth = models.ForeignKey(Booth, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("booth on a day")
        verbose_name_plural = _("booths on days")
        constraints = [
            models.UniqueConstraint(
                fields=["booth", "day"],
                condition=Q(released_at__isnull=True),
                name="booth_day_given_once",
            ),
            models.CheckConstraint(
                condition=Q(assignment__isnull=False) | Q(offer__isnull=False),
                name="booth_day_held_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booth} {self.day}"

    @property
    def application(self) -> Application:
        """Whose the booth is, or for whom it is held."""
        held = self.assignment or self.offer
        assert held is not None  # constraint booth_day_held_for_somebody
        return held.application
