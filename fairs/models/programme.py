"""The programme of a fair: stages and what happens on them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.transitions import one_of
from fairs.models.fair import Fair
from registry.models import Organisation, Place, Product


class Crew(models.Model):
    """A performance crew; it can be on one stage at a time."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        verbose_name = _("performance crew")
        verbose_name_plural = _("performance crews")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """A place of a fair's programme: the main stage, the seminar room, the livestream corner."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="stages")
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["fair", "name"], name="stage_once")]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return (get_language() == "en" and self.name_en) or self.name


class SessionKind(models.TextChoices):
    OPENING = "opening", _("Opening")
    PERFORMANCE = "performance", _("Performance")
    DEMONSTRATION = "demonstration", _("Artisan demonstration")
    LIVESTREAM = "livestream", _("Livestream")
    SEMINAR = "seminar", _("Seminar")
    SIGNING = "signing", _("Signing ceremony")
    CLOSING = "closing", _("Closing")


class Session(models.Model):
    """One item of the programme."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="sessions")
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, related_name="sessions", verbose_name=_("stage")
    )
    kind = models.CharField(_("kind"), max_length=14, choices=SessionKind.choices)
    title = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("title (English)"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("description (English)"), blank=True)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    crew = models.ForeignKey(
        Crew,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
        verbose_name=_("performance crew"),
    )
    place = models.ForeignKey(
        Place,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("province"),
    )
    producers = models.ManyToManyField(Organisation, blank=True, related_name="sessions")
    products = models.ManyToManyField(Product, blank=True, related_name="sessions")
    host = models.CharField(_("presented by"), max_length=120, blank=True)
    livestream_url = models.URLField(_("livestream link"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_times_ordered",
                violation_error_message=_("The session ends before it starts."),
            ),
            models.CheckConstraint(
                condition=one_of("kind", SessionKind.values), name="session_kind_known"
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
