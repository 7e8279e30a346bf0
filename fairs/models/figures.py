"""What a fair brought, day by day. Never public."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fairs.models.fair import Fair
from fairs.models.programme import Session
from registry.models import Product


class FairDay(models.Model):
    """The organiser's count of one day's visitors."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="fair_days")
    day = models.DateField(_("day"))
    visitors = models.PositiveIntegerField(_("visitors"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("day of a fair")
        verbose_name_plural = _("days of a fair")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["fair", "day"], name="fair_day_once")]

    def __str__(self) -> str:
        return f"{self.fair} {self.day}"


class LivestreamSale(models.Model):
    """What one product sold in one livestream: orders, and takings in VND."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="sales")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="livestream_sales")
    orders = models.PositiveIntegerField(_("orders"))
    takings = models.PositiveBigIntegerField(_("takings"), help_text=_("VND"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("livestream sale")
        verbose_name_plural = _("livestream sales")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "product"], name="livestream_sale_once"),
            models.CheckConstraint(
                condition=Q(orders__gt=0) | Q(takings=0), name="livestream_takings_from_orders"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session}: {self.product}"
