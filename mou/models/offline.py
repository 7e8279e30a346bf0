"""Signatures that were given while a tablet had no network, as they arrived."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Device
from core.transitions import one_of
from mou.models.memorandum import Memorandum, SignerRole
from mou.models.signing import Signature


class OfflinePacket(models.Model):
    """One signer's packet from a tablet: taken as a signature, or kept for a person to decide.

    `body` is what the tablet sent and signed with its own key: the drawing in it is encrypted
    for the server, so that neither the tablet nor a reader of this table can see it.
    """

    class State(models.TextChoices):
        TAKEN = "taken", _("Taken")
        WAITING = "waiting", _("For a person")
        SET_ASIDE = "set_aside", _("Set aside")

    key = models.CharField(max_length=64, unique=True)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    memorandum = models.ForeignKey(
        Memorandum, on_delete=models.PROTECT, related_name="offline_packets"
    )
    role = models.CharField(max_length=8, choices=SignerRole.choices)
    body = models.TextField()
    # ECDSA over the body's bytes, base64.
    device_signature = models.CharField(max_length=120)
    # The tablet's clock, which may be wrong, and ours.
    drawn_at = models.DateTimeField(_("drawn"))
    received_at = models.DateTimeField(_("received"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    signature = models.OneToOneField(Signature, null=True, on_delete=models.PROTECT)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("packet from a tablet")
        verbose_name_plural = _("packets from tablets")
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("state", ["taken", "waiting", "set_aside"]),
                name="packet_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="taken", signature__isnull=False)
                | ~Q(state="taken") & Q(signature__isnull=True),
                name="packet_taken_is_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.memorandum} {self.role}"
