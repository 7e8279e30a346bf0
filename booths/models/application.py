"""What producers ask for at a fair, and the quotas that bind it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from booths.states import ApplicationState
from core.codes import new_code, new_token
from core.transitions import one_of
from fairs.models import Fair
from registry.models import Organisation, Product, ProductGroup


class Quota(models.Model):
    """How many booths those with a trait get, at least and at most."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="quotas")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    trait = models.CharField(max_length=40)
    value = models.CharField(max_length=80)
    minimum = models.PositiveIntegerField(null=True, blank=True)
    maximum = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [
            models.UniqueConstraint(fields=["fair", "trait", "value"], name="quota_once"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True)
                | Q(maximum__isnull=True)
                | Q(maximum__gte=F("minimum")),
                name="quota_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return (get_language() == "en" and self.name_en) or self.name


class Application(models.Model):
    """A producer asks for booths at one fair."""

    code = models.CharField(_("code"), max_length=12, unique=True, default=new_code)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="applications"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    booths_wanted = models.PositiveSmallIntegerField(_("booths wanted"), default=1)
    group = models.ForeignKey(ProductGroup, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("what is sold"), max_length=40, blank=True)
    power_kw = models.DecimalField(
        _("power"), max_digits=5, decimal_places=1, default=0, help_text=_("kW")
    )
    water = models.BooleanField(_("water"), default=False)
    cold = models.BooleanField(_("cold storage"), default=False)
    cooking = models.BooleanField(_("cooking"), default=False)
    # At most three, best first: ["booth", "A1"] or ["zone", "B"].
    wishes = models.JSONField(_("wishes"), default=list)
    # Points 1 to 100 and the parts they are the sum of: [["stars", 40], …].
    priority = models.PositiveSmallIntegerField(_("priority"), default=1)
    priority_parts = models.JSONField(default=list)
    # Codes of the booths that the organiser has fixed for it, and of those it may not get.
    pinned = models.JSONField(null=True, blank=True)
    forbidden = models.JSONField(default=list, blank=True)
    pin_reason = models.CharField(max_length=300, blank=True)
    products = models.ManyToManyField(Product, related_name="applications")
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    # Counted up by every save, so that of two phones that save at once the second is told.
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    # What the applicant agreed to, word for word, and when.
    consented_at = models.DateTimeField(null=True)
    consent_text = models.TextField(blank=True)
    # Entered for somebody: who agreed on which paper.
    consent_note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["-priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("state", ApplicationState.values), name="application_state_known"
            ),
            models.CheckConstraint(
                condition=Q(booths_wanted__gte=1, booths_wanted__lte=6),
                name="application_booths_1_to_6",
            ),
            models.CheckConstraint(
                condition=Q(priority__gte=1, priority__lte=100),
                name="application_priority_1_to_100",
            ),
            models.UniqueConstraint(
                fields=["fair", "organisation"],
                condition=~Q(state=ApplicationState.WITHDRAWN),
                name="application_one_per_organisation",
            ),
        ]

    def __str__(self) -> str:
        return self.code
