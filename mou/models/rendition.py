"""The PDFs of a memorandum."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.storage import StoredFile
from mou.models.memorandum import Memorandum


class Rendition(models.Model):
    """One PDF of a memorandum. Its bytes never change."""

    class Kind(models.TextChoices):
        SEALED = "sealed", _("Sealed original")
        PAPER = "paper", _("Scan of the paper original")
        EVIDENCE = "evidence", _("Evidence sheet")

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="renditions")
    revision = models.PositiveIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64, unique=True)
    pages = models.PositiveIntegerField()
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    # When a timestamping authority (RFC 3161) saw it, where one is configured.
    timestamped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("PDF")
        verbose_name_plural = _("PDFs")
        constraints = [
            models.UniqueConstraint(
                fields=["memorandum", "revision", "kind"], name="rendition_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.memorandum} ({self.get_kind_display()})"
