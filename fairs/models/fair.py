"""Fairs."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.transitions import one_of
from fairs.models.plan import FairKind, Plan
from fairs.models.venue import Hall, Venue
from fairs.states import OVER, FairState
from registry.models import Region


class Attendance(models.TextChoices):
    """How visitors take part."""

    ON_SITE = "on_site", _("On site")
    ONLINE = "online", _("Online")
    BOTH = "both", _("On site and online")


class LegalBasis(models.TextChoices):
    CITY_PROGRAMME = "city_programme", _("City programme")
    REGISTERED = "registered", _("Registered with the department of industry and trade")
    INTERNAL = "internal", _("Internal")


class Series(models.Model):
    """Fairs that belong together: weeks at several malls, or an evening that comes again.

    `rule` is a recurrence rule (RFC 5545, section 3.3.10) without its first day, such as
    FREQ=WEEKLY;BYDAY=FR;UNTIL=20261231; it always ends. It is empty where the days are chosen
    one by one. `exceptions` are days of the rule on which nothing is held (ISO dates).
    """

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=FairKind.choices)
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    first_day = models.DateField(_("first day"), null=True, blank=True)
    rule = models.CharField(_("recurrence"), max_length=200, blank=True)
    exceptions = models.JSONField(_("days left out"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("kind", FairKind.values), name="series_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(rule="")
                | Q(first_day__isnull=False)
                & (Q(rule__contains="UNTIL=") | Q(rule__contains="COUNT=")),
                name="series_rule_ends",
                violation_error_message=_("A series must have an end."),
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title


class Team(models.Model):
    """People of the office who run a fair together, and can run one at a time."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    class Meta:
        verbose_name = _("organising team")
        verbose_name_plural = _("organising teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Fair(models.Model):
    """One event, from the plan to the report."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=FairKind.choices)
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    short_title = models.CharField(_("short title"), max_length=60)
    register_code = models.CharField(
        _("code in the register"),
        max_length=16,
        unique=True,
        help_text=_("Ends the number of each memorandum signed here, e.g. TT26."),
    )
    description = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="fairs", verbose_name=_("annual plan")
    )
    venue = models.ForeignKey(
        Venue,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fairs",
        verbose_name=_("venue"),
    )
    hall = models.ForeignKey(
        Hall,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fairs",
        verbose_name=_("hall"),
    )
    team = models.ForeignKey(
        Team,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fairs",
        verbose_name=_("organising team"),
    )
    series = models.ForeignKey(
        Series,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fairs",
        verbose_name=_("series"),
    )
    # The day the series' rule gave it, which stays when the fair is moved to another.
    series_day = models.DateField(null=True, blank=True)
    attendance = models.CharField(
        _("attendance"),
        max_length=8,
        choices=Attendance.choices,
        default=Attendance.ON_SITE,
    )
    # Opening hours of each day.
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    channel = models.CharField(_("livestream channel"), max_length=120, blank=True)
    channel_url = models.URLField(_("livestream link"), max_length=300, blank=True)
    # Of a participation: whose fair it is, our stand there, and how many of us go.
    host = models.CharField(_("host of the fair"), max_length=200, blank=True)
    host_stand = models.CharField(_("our stand"), max_length=60, blank=True)
    delegation_size = models.PositiveSmallIntegerField(_("delegation"), null=True, blank=True)
    # Counted up by every edit, so that of two who save at once the second is told.
    version = models.PositiveIntegerField(default=1)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=FairState.choices, default=FairState.DRAFT
    )
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    legal_basis = models.CharField(
        _("legal basis"),
        max_length=20,
        choices=LegalBasis.choices,
        default=LegalBasis.CITY_PROGRAMME,
    )
    decision_number = models.CharField(_("decision"), max_length=60, blank=True)
    organiser = models.CharField(_("organiser"), max_length=200, blank=True)
    co_organiser = models.CharField(_("co-organiser"), max_length=200, blank=True)
    regions = models.JSONField(_("regions"), default=list, blank=True)
    applications_close_at = models.DateTimeField(_("applications close"), null=True, blank=True)
    seed = models.CharField(_("lottery seed"), max_length=80, blank=True)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("fair")
        verbose_name_plural = _("fairs")
        ordering = ["first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("state", FairState.values), name="fair_state_known"
            ),
            models.CheckConstraint(
                condition=one_of("kind", FairKind.values), name="fair_kind_known"
            ),
            models.CheckConstraint(
                condition=one_of("attendance", Attendance.values), name="fair_attendance_known"
            ),
            models.UniqueConstraint(fields=["series", "series_day"], name="fair_series_day_once"),
            models.CheckConstraint(
                condition=one_of("legal_basis", LegalBasis.values), name="fair_legal_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="fair_days_ordered",
                violation_error_message=_("The last day is before the first."),
            ),
            # Of some past fairs the press gives only the opening day.
            models.CheckConstraint(
                condition=Q(last_day__isnull=False) | Q(state__in=list(OVER)),
                name="fair_last_day_known",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title

    @property
    def shown_description(self) -> str:
        return (get_language() == "en" and self.description_en) or self.description

    @property
    def stream(self) -> str:
        """The audit stream of this fair."""
        return f"fair:{self.code}"

    @property
    def end(self) -> date:
        """The last day as far as it is known."""
        return self.last_day or self.first_day

    @property
    def days(self) -> int:
        """How many days the fair is open."""
        return (self.end - self.first_day).days + 1

    @property
    def shown_regions(self) -> list[str]:
        return [str(Region(code).label) for code in self.regions]

    @property
    def desk_url(self) -> str:
        return reverse("fair_overview", args=[self.code])

    @property
    def public_url(self) -> str:
        return reverse("public_fair", args=[self.code])
