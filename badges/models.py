"""Badges and the sheets they are printed on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from badges.states import BadgeState
from core.codes import new_code, new_token
from core.jobs import Job
from core.storage import StoredFile
from core.transitions import one_of
from fairs.models import Fair
from registry.models import Organisation


class BadgeRole(models.TextChoices):
    PRODUCER = "producer", _("Producer")
    DISTRIBUTOR = "distributor", _("Distributor")
    ORGANISER = "organiser", _("Organiser")


class Badge(models.Model):
    """One person at one fair. The QR carries the token and nothing about the person."""

    code = models.CharField(_("code"), max_length=12, unique=True, default=new_code)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="badges")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="badges"
    )
    role = models.CharField(_("role"), max_length=12, choices=BadgeRole.choices)
    person = models.CharField(_("full name"), max_length=120)
    booths = models.CharField(_("booths"), max_length=80, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=BadgeState.choices, default=BadgeState.VALID
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("badge")
        verbose_name_plural = _("badges")
        ordering = ["role", "organisation__code", "person"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("role", BadgeRole.values), name="badge_role_known"
            ),
            models.CheckConstraint(
                condition=one_of("state", BadgeState.values), name="badge_state_known"
            ),
            models.UniqueConstraint(
                fields=["fair", "organisation", "person"],
                condition=Q(state=BadgeState.VALID),
                name="badge_one_valid_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.code})"


class BadgeSheet(models.Model):
    """One print of badges, kept with the plain values it was made from."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="badge_sheets")
    number = models.PositiveIntegerField()
    # {"fair", "first_day", "last_day", "badges": [{"code", "token", "person", "organisation",
    # "role", "booths"}, …]}, the badges in print order.
    content = models.JSONField()
    content_sha256 = models.CharField(max_length=64)
    count = models.PositiveIntegerField(_("badges"))
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("badge sheet")
        verbose_name_plural = _("badge sheets")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "number"], name="badge_sheet_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.fair} #{self.number}"
