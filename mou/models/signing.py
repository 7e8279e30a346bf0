"""Turns at the signing table, and what was signed there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Device
from core.transitions import one_of
from mou.models.memorandum import Memorandum, SignerRole


class SigningSession(models.Model):
    """One signer's turn at the table: one memorandum, one revision, one role, one use."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.CASCADE, related_name="sessions")
    revision = models.PositiveIntegerField()
    role = models.CharField(max_length=8, choices=SignerRole.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The tablet it was opened on, where one is enrolled; else an operator's own session.
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="+")
    # The one-time code sent to the signer, hashed, and how often it was typed wrong.
    code_hash = models.CharField(max_length=64, blank=True)
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    code_passed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("signing session")
        verbose_name_plural = _("signing sessions")
        constraints = [
            models.CheckConstraint(
                condition=Q(operator__isnull=False) | Q(device__isnull=False),
                name="session_has_opener",
            )
        ]

    def __str__(self) -> str:
        return f"{self.memorandum} {self.role}"


class Signature(models.Model):
    """What one signer drew, kept as points, bound by a hash to the content they saw."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="signatures")
    revision = models.PositiveIntegerField()
    role = models.CharField(max_length=8, choices=SignerRole.choices)
    signer = models.CharField(_("signer"), max_length=120)
    position = models.CharField(_("position"), max_length=120)
    # The points in the canonical form of mou.paper.strokes, and their hash.
    strokes = models.TextField()
    strokes_sha256 = models.CharField(max_length=64)
    # The record of mou.paper.content that binds signer, content, strokes and moment.
    record = models.TextField()
    record_sha256 = models.CharField(max_length=64)
    session = models.OneToOneField(
        SigningSession, on_delete=models.PROTECT, related_name="signature"
    )
    # What the tablet sent it under: the same packet sent twice is one signature.
    idempotency_key = models.CharField(max_length=64, unique=True, null=True)
    # The tablet's own clock when it was drawn, where it was drawn offline.
    drawn_at = models.DateTimeField(null=True)
    # Seconds from the first sight of the text to the signature.
    read_seconds = models.PositiveIntegerField(null=True)
    signed_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["memorandum", "revision", "role"],
                condition=Q(superseded_at__isnull=True),
                name="signature_once_per_role",
            ),
            models.CheckConstraint(
                condition=one_of("role", SignerRole.values), name="signature_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.memorandum} {self.role}"
