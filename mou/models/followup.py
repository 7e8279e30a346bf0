"""What became of a memorandum: asked of both sides after 3, 6 and 12 months."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.codes import new_token
from core.transitions import one_of
from mou.models.memorandum import SIDES, Memorandum, SignerRole

MONTHS = (3, 6, 12)


class Answer(models.TextChoices):
    """What is answered with one tap."""

    CONTRACT = "contract", _("Contract signed")
    NOT_YET = "not_yet", _("Not signed yet")
    PROBLEM = "problem", _("There is a problem")


class FollowUp(models.Model):
    """One question to one side, due some months after the signing, and its answer."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.PROTECT, related_name="follow_ups")
    side = models.CharField(max_length=8, choices=SignerRole.choices)
    months = models.PositiveSmallIntegerField(_("months"))
    due_on = models.DateField(_("due"))
    # The day the next question takes over; until then the answer may be corrected.
    closes_on = models.DateField(_("can be answered until"), null=True)
    # Opens the page of one tap; in the link that is sent.
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    reminded_at = models.DateTimeField(null=True)
    # Messages sent: the question itself is the first.
    reminders = models.PositiveSmallIntegerField(default=0)
    answered_at = models.DateTimeField(_("answered"), null=True)
    has_contract = models.BooleanField(_("contract signed"), null=True)
    contract_number = models.CharField(_("contract"), max_length=60, blank=True)
    volume = models.CharField(_("volume traded"), max_length=120, blank=True)
    value = models.PositiveBigIntegerField(_("value traded"), null=True, help_text=_("VND"))
    has_problem = models.BooleanField(_("has a problem"), default=False)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    # Who was signed in, or answered for the party on the telephone; nobody for the link.
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

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

    @property
    def answer(self) -> str:
        """The Answer that was given; empty while there is none."""
        if self.answered_at is None:
            return ""
        if self.has_problem:
            return Answer.PROBLEM
        return Answer.CONTRACT if self.has_contract else Answer.NOT_YET

    @property
    def shown_answer(self) -> str:
        """The answer in words."""
        return str(Answer(self.answer).label) if self.answer else ""

    def is_open(self, today: date) -> bool:
        """Whether it can be answered, or its answer corrected."""
        return self.due_on <= today and (self.closes_on is None or today < self.closes_on)

    @property
    def address(self) -> str:
        """The page of one tap, as it is sent."""
        return settings.SITE_URL + reverse("follow_up", args=[self.token])
