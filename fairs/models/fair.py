"""Fairs."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.transitions import one_of
from fairs.models.plan import Plan
from fairs.models.venue import Hall, Venue
from fairs.states import OVER, FairState
from registry.models import Region


class FairKind(models.TextChoices):
    TRADE_WEEK = "trade_week", _("Trade week")
    REGIONAL_CULTURE = "regional_culture", _("Regional-culture fair")
    CONFERENCE = "conference", _("Conference")
    ONLINE = "online", _("Online event")
    PARTICIPATION = "participation", _("Participation elsewhere")


class LegalBasis(models.TextChoices):
    CITY_PROGRAMME = "city_programme", _("City programme")
    REGISTERED = "registered", _("Registered with the department of industry and trade")
    INTERNAL = "internal", _("Internal")


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
