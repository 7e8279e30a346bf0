"""Annual plans and what they are to reach."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.transitions import one_of


class FairKind(models.TextChoices):
    TRADE_WEEK = "trade_week", _("Trade week")
    REGIONAL_CULTURE = "regional_culture", _("Regional-culture fair")
    CONFERENCE = "conference", _("Conference")
    ONLINE = "online", _("Online event")
    PARTICIPATION = "participation", _("Participation elsewhere")


class Plan(models.Model):
    """One year's fairs and what they are to reach."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    decision_number = models.CharField(_("decision"), max_length=60, blank=True)
    decision_date = models.DateField(_("decision date"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)

    class Meta:
        verbose_name = _("annual plan")
        verbose_name_plural = _("annual plans")
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | (~Q(decision_number="") & Q(decision_date__isnull=False)),
                name="plan_approved_by_decision",
            )
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title


class Measure(models.TextChoices):
    FAIRS = "fairs", _("fairs")
    MEMORANDA = "memoranda", _("memoranda signed")
    PRODUCTS = "products", _("products assessed")
    VISITORS = "visitors", _("visitors")


class Target(models.Model):
    """What a plan is to reach in one measure; fairs also by their kind (empty: all of them)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    measure = models.CharField(_("measure"), max_length=12, choices=Measure.choices)
    kind = models.CharField(_("kind"), max_length=20, choices=FairKind.choices, blank=True)
    value = models.PositiveIntegerField(_("target"))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(fields=["plan", "measure", "kind"], name="target_once"),
            models.CheckConstraint(
                condition=one_of("measure", Measure.values), name="target_measure_known"
            ),
            models.CheckConstraint(
                condition=one_of("kind", ["", *FairKind.values]), name="target_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind="") | Q(measure=Measure.FAIRS), name="target_kind_of_fairs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.value}"

    @property
    def name(self) -> str:
        """What is aimed at: "memoranda", "fairs", or "fairs-trade_week" for one kind of them."""
        return f"{self.measure}-{self.kind}" if self.kind else self.measure
