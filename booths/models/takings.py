"""What stands take."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from booths.models.application import Application


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
