"""Signing ceremonies: what is signed where, in which order, before whom."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.codes import new_code, new_token
from fairs.models import Fair


class Ceremony(models.Model):
    """Memoranda signed together at a fair before one witness."""

    code = models.CharField(_("code"), max_length=12, unique=True, default=new_code)
    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="ceremonies")
    title = models.CharField(_("title"), max_length=200)
    place = models.CharField(_("place of signing"), max_length=80)
    starts_at = models.DateTimeField(_("starts"))
    witness = models.CharField(_("witness"), max_length=120)
    witness_position = models.CharField(_("witness's position"), max_length=120)
    target = models.PositiveIntegerField(_("memoranda to be signed"), null=True, blank=True)
    # Whether each signer types a code that was sent to them.
    needs_code = models.BooleanField(_("one-time code for each signer"), default=False)
    # Opens the big screen; a new one shuts the old address.
    wall_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("signing ceremony")
        verbose_name_plural = _("signing ceremonies")
        ordering = ["-starts_at", "pk"]

    def __str__(self) -> str:
        return self.title


class Station(models.Model):
    """A table of a ceremony; `number` counts from 1."""

    ceremony = models.ForeignKey(Ceremony, on_delete=models.CASCADE, related_name="stations")
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("signing table")
        verbose_name_plural = _("signing tables")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "number"], name="station_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="station_numbered"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """The place of work of its devices (accounts.Device)."""
        return f"station:{self.ceremony.code}/{self.number}"
