"""Floor plans, applications, allocation runs, assignments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booths.states import ApplicationState, RunState
from core.codes import new_code, new_token
from core.jobs import Job
from core.storage import StoredFile
from core.transitions import one_of
from fairs.models import Fair
from registry.models import Organisation, Product, ProductGroup


class PlanPicture(models.Model):
    """A picture of a hall that lies under the floor plan, to be traced."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="plan_pictures")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField(help_text=_("pixels"))
    height = models.PositiveIntegerField(help_text=_("pixels"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture under the floor plan")
        verbose_name_plural = _("pictures under the floor plan")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["fair", "number"], name="plan_picture_once")]

    def __str__(self) -> str:
        return f"{self.fair} #{self.number}"


class FloorPlan(models.Model):
    """The hall of one fair, drawn in units of 10 cm. Every save is a new version."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="floor_plans")
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    width = models.PositiveIntegerField(help_text=_("10 cm"))
    height = models.PositiveIntegerField(help_text=_("10 cm"))
    # What is drawn and never given out: stages, entrances, water points.
    # A list of {"kind", "x", "y", "width", "height", "name_vi", "name_en"}.
    features = models.JSONField(default=list)
    # The hall's corners [[x, y], …]; empty for the whole rectangle.
    outline = models.JSONField(default=list)
    picture = models.ForeignKey(
        PlanPicture, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # Where the picture lies: {"x", "y", "width", "height"}.
    picture_box = models.JSONField(null=True, blank=True)
    # The version that this one was brought back from.
    restored_from = models.PositiveIntegerField(null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("floor plan")
        verbose_name_plural = _("floor plans")
        constraints = [
            models.UniqueConstraint(fields=["fair", "version"], name="floor_plan_version_once"),
            models.UniqueConstraint(
                fields=["fair"], condition=Q(is_current=True), name="floor_plan_one_current"
            ),
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0), name="floor_plan_has_size"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair} v{self.version}"


class Zone(models.Model):
    """A part of the plan, usually one product group's."""

    plan = models.ForeignKey(FloorPlan, on_delete=models.CASCADE, related_name="zones")
    code = models.CharField(_("code"), max_length=8)
    # What its booths are coloured after; None for a zone that takes anything.
    group = models.ForeignKey(
        ProductGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name_vi = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="zone_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if get_language() == "en" else self.name_vi


class Booth(models.Model):
    """One booth on a plan; a standard one is 3 × 3 m. Positions and sizes are in 10 cm."""

    plan = models.ForeignKey(FloorPlan, on_delete=models.CASCADE, related_name="booths")
    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="booths")
    code = models.CharField(_("code"), max_length=10)
    order = models.PositiveIntegerField(default=0)
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=30)
    height = models.PositiveIntegerField(default=30)
    power_kw = models.DecimalField(_("power"), max_digits=5, decimal_places=1, help_text=_("kW"))
    water = models.BooleanField(_("water"), default=False)
    cold = models.BooleanField(_("cold storage"), default=False)
    cooking = models.BooleanField(_("cooking allowed"), default=False)
    groups = models.ManyToManyField(ProductGroup, blank=True, related_name="+")

    class Meta:
        verbose_name = _("booth")
        verbose_name_plural = _("booths")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="booth_code_once"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="booth_has_size"),
            models.CheckConstraint(condition=Q(power_kw__gte=0), name="booth_power_positive"),
        ]

    def __str__(self) -> str:
        return self.code


class BoothPair(models.Model):
    """Two booths that may be merged into one stand (join), or merely see each other."""

    plan = models.ForeignKey(FloorPlan, on_delete=models.CASCADE, related_name="pairs")
    first = models.ForeignKey(Booth, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Booth, on_delete=models.CASCADE, related_name="+")
    is_join = models.BooleanField()

    class Meta:
        verbose_name = _("pair of booths")
        verbose_name_plural = _("pairs of booths")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="booth_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="booth_pair_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first}–{self.second}"


class Quota(models.Model):
    """How many booths those with a trait get, at least and at most."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="quotas")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    trait = models.CharField(max_length=40)
    value = models.CharField(max_length=80)
    minimum = models.PositiveIntegerField(null=True, blank=True)
    maximum = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.UniqueConstraint(fields=["fair", "trait", "value"], name="quota_once"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True)
                | Q(maximum__isnull=True)
                | Q(maximum__gte=F("minimum")),
                name="quota_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return (get_language() == "en" and self.name_en) or self.name


class Application(models.Model):
    """A producer asks for booths at one fair."""

    code = models.CharField(_("code"), max_length=12, unique=True, default=new_code)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="applications"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    booths_wanted = models.PositiveSmallIntegerField(_("booths wanted"), default=1)
    group = models.ForeignKey(ProductGroup, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what is sold"), max_length=40, blank=True)
    power_kw = models.DecimalField(
        _("power"), max_digits=5, decimal_places=1, default=0, help_text=_("kW")
    )
    water = models.BooleanField(_("water"), default=False)
    cold = models.BooleanField(_("cold storage"), default=False)
    cooking = models.BooleanField(_("cooking"), default=False)
    # At most three, best first: ["booth", "A1"] or ["zone", "B"].
    wishes = models.JSONField(_("wishes"), default=list)
    # Points 1 to 100 and the parts they are the sum of: [["stars", 40], …].
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)
    priority_parts = models.JSONField(default=list)
    pinned = models.JSONField(null=True, blank=True)
    products = models.ManyToManyField(Product, related_name="applications")
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    # Counted up by every save, so that of two phones that save at once the second is told.
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    # What the applicant agreed to, word for word, and when.
    consented_at = models.DateTimeField(null=True)
    consent_text = models.TextField(blank=True)
    # Entered for somebody: who agreed on which paper.
    consent_note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("state", ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=Q(booths_wanted__gte=1, booths_wanted__lte=6),
                name="application_booths_1_to_6",
            ),
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=100),
                name="application_priority_1_to_100",
            ),
            models.UniqueConstraint(
                fields=["fair", "organisation"],
                condition=~Q(state=ApplicationState.WITHDRAWN),
                name="application_one_per_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.code


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
    """One booth on one day, held by one assignment: the row that makes "never twice" true."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="booth_days")
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
            )
        ]

    def __str__(self) -> str:
        return f"{self.booth} {self.day}"


class DailyTakings(models.Model):
    """What one stand took on one day, in VND, as its producer says in the evening."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="takings")
    day = models.DateField(_("day"))
    amount = models.PositiveBigIntegerField(_("takings"), help_text=_("VND"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("takings of a day")
        verbose_name_plural = _("takings of days")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["application", "day"], name="daily_takings_once")
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.day}"


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
