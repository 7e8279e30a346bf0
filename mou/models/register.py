"""What the register proves from outside: checkpoints over its sealed files and its chain."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from fairs.models import Fair


class Checkpoint(models.Model):
    """The state of a fair's register at a moment, signed with the seal key.

    `root` is the Merkle root (RFC 6962) over the sha256 of its sealed files in the order of
    their sealing, so that each checkpoint is the beginning of the next; `head` is the last hash
    of the fair's audit chain and `length` its number.
    """

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="checkpoints")
    number = models.PositiveIntegerField(_("number"))
    size = models.PositiveIntegerField(_("memoranda"))
    root = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    length = models.PositiveBigIntegerField()
    # DER of a detached CMS signature over the canonical text of the above, in base64.
    signature = models.TextField()
    timestamp = models.TextField(blank=True)
    created_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "number"], name="checkpoint_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fair} #{self.number}"
