"""How often somebody looks at the verify page: a counter that outlives a restart."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VerifyCount(models.Model):
    """Requests of one address in one minute; the address is kept as a salted hash only."""

    who = models.CharField(max_length=64)
    minute = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("count of checks")
        verbose_name_plural = _("counts of checks")
        constraints = [models.UniqueConstraint(fields=["who", "minute"], name="verify_count_once")]

    def __str__(self) -> str:
        return f"{self.minute:%H:%M}: {self.count}"
