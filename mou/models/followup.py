"""What became of a memorandum: asked of both sides after 3, 6 and 12 months."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.codes import new_token
from core.transitions import one_of
from mou.models.memorandum import SIDES, Memorandum, SignerRole

MONTHS = (3, 6, 12)


class FollowUp(models.Model):
    """One question to one side, due some months after the signing, and its answer."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="follow_ups")
    side = models.CharField(max_length=8, choices=SignerRole.choices)
    months = models.PositiveSmallIntegerField(_("months"))
    due_on = models.DateField(_("due"))
    # Opens the page of one tap; in the link that is sent.
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    reminded_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(_("answered"), null=True)
    has_contract = models.BooleanField(_("contract signed"), null=True)
    contract_number = models.CharField(_("contract"), max_length=60, blank=True)
    volume = models.CharField(_("volume traded"), max_length=120, blank=True)
    value = models.PositiveBigIntegerField(_("value traded"), null=True, help_text=_("VND"))
    problem = models.CharField(_("problem"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "side", "months"], name="follow_up_once"),
            models.CheckConstraint(
                condition=one_of("side", list(SIDES)), name="follow_up_side_known"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(has_contract__isnull=False),
                name="follow_up_answer_says_contract",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.memorandum} {self.side} {self.months}"
