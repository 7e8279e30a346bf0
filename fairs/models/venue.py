"""Where fairs are held."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.storage import StoredFile
from registry.models import Place


class Venue(models.Model):
    """Where fairs are held."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=40)
    address = models.CharField(_("address"), max_length=200, blank=True)
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="venues"
    )
    is_online = models.BooleanField(_("online"), default=False)
    latitude = models.DecimalField(
        _("latitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    notes = models.TextField(_("notes"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="venue_position",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """A part of a venue that is hired by itself: what it offers, and when it may be entered."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="halls")
    name = models.CharField(_("name"), max_length=120)
    area_m2 = models.PositiveIntegerField(_("area"), null=True, blank=True, help_text=_("m²"))
    power_kw = models.PositiveIntegerField(_("power"), null=True, blank=True, help_text=_("kW"))
    water_points = models.PositiveIntegerField(_("water points"), null=True, blank=True)
    move_in_days = models.PositiveSmallIntegerField(_("days to move in"), default=1)
    move_out_days = models.PositiveSmallIntegerField(_("days to move out"), default=1)
    notes = models.TextField(_("notes"), blank=True)
    # From and until when lorries may come on the days of moving in and out.
    move_in_from = models.TimeField(_("moving in from"), null=True, blank=True)
    move_out_until = models.TimeField(_("moving out until"), null=True, blank=True)
    base_plan = models.ForeignKey(
        StoredFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("base plan"),
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("hall")
        verbose_name_plural = _("halls")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="hall_once")]

    def __str__(self) -> str:
        return self.name


class VenuePicture(models.Model):
    """A picture of a venue or of one of its halls."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="pictures")
    hall = models.ForeignKey(
        Hall,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="pictures",
        verbose_name=_("hall"),
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    caption = models.CharField(_("caption"), max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["venue", "file"], name="venue_picture_once")]

    def __str__(self) -> str:
        return self.caption or str(self.venue)
