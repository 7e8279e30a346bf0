"""Households that share an applicant's booth, each on days of its own."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from booths.models.application import Application
from core.codes import new_token
from fairs.models import Fair
from registry.models import Organisation, Product


class Partner(models.Model):
    """A household that shares the booth of an application, and its own word on it.

    The application and its assignment stay one; the partner brings its own products and gives
    its own consent. Ended, it stays as history.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="partners")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="partnerships"
    )
    # Opens the partner's own page, after signing in.
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    # The phone number or e-mail address it was found by; until it has confirmed, the applicant
    # is shown this and not the name behind it.
    contact = models.CharField(max_length=120, blank=True)
    products = models.ManyToManyField(Product, related_name="partnerships")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # What the partner agreed to, word for word; entered for it: who agreed on which paper.
    consent_text = models.TextField(blank=True)
    consent_note = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("household that shares a booth")
        verbose_name_plural = _("households that share booths")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="partner_once_per_application",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | ~Q(consent_text=""),
                name="partner_confirmed_with_consent",
            ),
        ]

    def __str__(self) -> str:
        return self.contact or str(self.organisation)


class SharedDay(models.Model):
    """A day of the fair on which a partner has the booth; all other days are the applicant's.

    `day` counts from 1, the fair's first, so that it stays right when the fair is moved. Fair,
    application and organisation are those of the partner: the constraints need them here.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="days")
    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="shared_days"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.PositiveSmallIntegerField()
    # As its partner is: what is merely asked of a household does not bind it.
    is_confirmed = models.BooleanField(default=False)
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("day of a shared booth")
        verbose_name_plural = _("days of shared booths")
        ordering = ["day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "day"],
                condition=Q(released_at__isnull=True),
                name="shared_day_one_household",
            ),
            models.UniqueConstraint(
                fields=["fair", "organisation", "day"],
                condition=Q(released_at__isnull=True, is_confirmed=True),
                name="shared_day_one_booth",
            ),
            models.CheckConstraint(condition=Q(day__gte=1), name="shared_day_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.day}"
