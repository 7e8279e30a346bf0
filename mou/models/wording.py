"""The texts that memoranda are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Wording(models.Model):
    """A versioned text with Vietnamese and English clauses; once used it is never edited."""

    title = models.CharField(_("title"), max_length=120, blank=True)
    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="copies"
    )
    retired_at = models.DateTimeField(null=True)
    # Counted up by every edit before the first use.
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="wording_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
