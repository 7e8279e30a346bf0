"""What is printed of a fair's booths, drawn by a worker and kept as a file."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booths.models.allocation import AllocationRun
from core.jobs import Job
from core.storage import StoredFile
from core.transitions import one_of
from fairs.models import Fair


class BoothPaper(models.Model):
    """One PDF of a fair in one language, kept with the plain values it is drawn from.

    The protocol of a run has no job of its own: it is drawn whenever who holds a booth changes.
    """

    class Name(models.TextChoices):
        BOOTHS = "booths", _("Booth list")
        UTILITIES = "utilities", _("Utilities")
        SIGNS = "signs", _("Door signs")
        PROTOCOL = "protocol", _("Protocol of the booth allocation")

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="booth_papers")
    name = models.CharField(max_length=10, choices=Name.choices)
    language = models.CharField(max_length=2)
    run = models.ForeignKey(
        AllocationRun, null=True, on_delete=models.PROTECT, related_name="papers"
    )
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # When it was asked for last; the newest is the one that is handed out.
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("paper of the booths")
        verbose_name_plural = _("papers of the booths")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "name", "language", "content_sha256"], name="booth_paper_once"
            ),
            models.CheckConstraint(
                condition=one_of("name", ["booths", "utilities", "signs", "protocol"]),
                name="booth_paper_name_known",
            ),
            models.CheckConstraint(
                condition=Q(name="protocol", run__isnull=False, file__isnull=False)
                | (~Q(name="protocol") & Q(run__isnull=True)),
                name="booth_paper_protocol_is_of_a_run",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fair} {self.name}"
