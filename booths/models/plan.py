"""A fair's hall, drawn: floor plans and their versions, zones, booths, pairs."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.storage import StoredFile
from fairs.models import Fair
from registry.models import ProductGroup


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
