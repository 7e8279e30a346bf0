"""The waiting list of a fair, and the stands that are offered to those on it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from booths.models.allocation import Assignment
from booths.models.application import Application
from booths.states import OfferState
from core.codes import new_token
from core.jobs import Job
from core.transitions import one_of
from fairs.models import Fair

HOURS, MOST_HOURS = 24, 168
"""How long an offer can be answered unless the fair says otherwise, and a week at most."""


class WaitingList(models.Model):
    """How a fair passes on the stands that become free. A fair without a row does as usual."""

    fair = models.OneToOneField(Fair, on_delete=models.PROTECT, related_name="waiting_list")
    hours = models.PositiveSmallIntegerField(
        _("time to answer"), default=HOURS, help_text=_("hours")
    )
    stopped_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    stop_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("waiting list")
        verbose_name_plural = _("waiting lists")
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__gte=1, hours__lte=MOST_HOURS), name="waiting_list_hours"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | ~Q(stop_reason=""),
                name="waiting_list_stopped_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.fair)


class BoothOffer(models.Model):
    """Booths held for one application until it answers; the rows of BoothDay hold them.

    `booths` are their codes as they were when the offer was made. `keeps_waiting` says whether
    the application is still in the order once the offer has ended: who declines may stay, who
    does not answer is passed over until they ask to wait again.
    """

    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="offers")
    state = models.CharField(
        _("state"), max_length=10, choices=OfferState.choices, default=OfferState.OPEN
    )
    booths = models.JSONField(_("booths"))
    made_at = models.DateTimeField(default=timezone.now)
    # None for the order of the list, else who picked the application out of it, and why.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    expires_at = models.DateTimeField(_("answer until"))
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Who said so on the telephone, or why it was withdrawn.
    end_note = models.CharField(max_length=300, blank=True)
    keeps_waiting = models.BooleanField(default=True)
    assignment = models.OneToOneField(
        Assignment, null=True, on_delete=models.PROTECT, related_name="offer"
    )
    # The e-mail that tells of it; None where there is no address and somebody has to call.
    letter_job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("offer of a stand")
        verbose_name_plural = _("offers of stands")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=OfferState.OPEN),
                name="offer_one_open_per_application",
            ),
            models.CheckConstraint(
                condition=one_of("state", OfferState.values), name="offer_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.OPEN, ended_at__isnull=True)
                | (~Q(state=OfferState.OPEN) & Q(ended_at__isnull=False)),
                name="offer_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(state=OfferState.ACCEPTED, assignment__isnull=False)
                | (~Q(state=OfferState.ACCEPTED) & Q(assignment__isnull=True)),
                name="offer_accepted_is_a_stand",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="offer_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.shown_booths}"

    @property
    def shown_booths(self) -> str:
        """The codes in one word: "A1 + A2"."""
        return " + ".join(self.booths)
