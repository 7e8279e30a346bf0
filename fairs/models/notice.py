"""Notices: a fair announced to the producers it concerns."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.jobs import Job
from core.transitions import one_of
from fairs.models.fair import Fair
from fairs.states import DeliveryState
from registry.models import Organisation


class Notice(models.Model):
    """One text about a fair, sent once to those it matched on that day."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField(_("number"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    # Who it is for, as plain values: {"who": …, "groups": […], …}.
    audience = models.JSONField(default=dict)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "number"], name="notice_number_once")
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """A notice on its way to one organisation; without an e-mail address it goes on paper."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="deliveries"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    state = models.CharField(_("state"), max_length=12, choices=DeliveryState.choices)
    error = models.CharField(_("error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["organisation__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "organisation"], name="delivery_once"),
            models.CheckConstraint(
                condition=one_of("state", DeliveryState.values), name="delivery_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} → {self.organisation}"
