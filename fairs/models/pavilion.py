"""Guest provinces and the booths they fill in themselves."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.codes import new_token
from core.vietnam import shown_phone
from fairs.models.fair import Fair
from registry.models import Organisation, Place


class Pavilion(models.Model):
    """The booths that a guest province has at a fair, as a group, and fills in by itself."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="pavilions")
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="+", verbose_name=_("province")
    )
    booth_count = models.PositiveSmallIntegerField(_("booths"))
    fill_in_until = models.DateTimeField(_("to be filled in until"))
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    # Opens the province's own page; a new one shuts the old link.
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    submitted_at = models.DateTimeField(_("sent in"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("pavilion")
        verbose_name_plural = _("pavilions")
        ordering = ["place__name"]
        constraints = [
            models.UniqueConstraint(fields=["fair", "place"], name="pavilion_once"),
            models.CheckConstraint(condition=Q(booth_count__gte=1), name="pavilion_has_booths"),
        ]

    def __str__(self) -> str:
        return str(self.place)

    @property
    def shown_phone(self) -> str:
        return shown_phone(self.phone) if self.phone else ""


class PavilionBooth(models.Model):
    """One booth of a pavilion: who shows what there. `number` counts from 1."""

    pavilion = models.ForeignKey(Pavilion, on_delete=models.CASCADE, related_name="booths")
    number = models.PositiveSmallIntegerField(_("booth"))
    name = models.CharField(_("name of the unit"), max_length=200)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    products = models.CharField(_("products"), max_length=300)
    phone = models.CharField(_("phone"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("booth of a pavilion")
        verbose_name_plural = _("booths of a pavilion")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["pavilion", "number"], name="pavilion_booth_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="pavilion_booth_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"

    @property
    def shown_phone(self) -> str:
        return shown_phone(self.phone) if self.phone else ""
