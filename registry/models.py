"""What takes part: places, craft villages, organisations, products, certifications."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.codes import new_code
from core.transitions import one_of


class PlaceKind(models.TextChoices):
    PROVINCE = "province", _("Province")
    CITY = "city", _("City under the central government")
    DISTRICT = "district", _("District (until 30/06/2025)")
    COMMUNE = "commune", _("Commune")
    WARD = "ward", _("Ward")
    SPECIAL_ZONE = "special_zone", _("Special zone")


class Region(models.TextChoices):
    NORTH_MOUNTAINS = "north_mountains", _("Northern midlands and mountains")
    RED_RIVER_DELTA = "red_river_delta", _("Red River Delta")
    NORTH_CENTRAL_COAST = "north_central_coast", _("North Central Coast")
    SOUTH_CENTRAL_COAST = "south_central_coast", _("South Central Coast")
    CENTRAL_HIGHLANDS = "central_highlands", _("Central Highlands")
    SOUTHEAST = "southeast", _("Southeast")
    MEKONG_DELTA = "mekong_delta", _("Mekong Delta")


class Place(models.Model):
    """An administrative unit while it exists; units change, papers keep the old names."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind.choices)
    region = models.CharField(_("region"), max_length=20, choices=Region.choices, blank=True)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="predecessors"
    )

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints = [
            models.CheckConstraint(
                condition=one_of("kind", PlaceKind.values), name="place_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="place_dates_ordered",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CraftVillage(models.Model):
    """A recognised craft village."""

    class Title(models.TextChoices):
        CRAFT = "craft", _("Craft village")
        TRADITIONAL = "traditional", _("Traditional craft village")

    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("title"), max_length=12, choices=Title.choices)
    craft = models.CharField(_("craft"), max_length=80)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="craft_villages")

    class Meta:
        verbose_name = _("craft village")
        verbose_name_plural = _("craft villages")
        constraints = [models.UniqueConstraint(fields=["name", "place"], name="craft_village_once")]

    def __str__(self) -> str:
        return self.name


class ProductGroup(models.Model):
    """A group of the official classification, in the years it is or was in force.

    Two schemes exist: 2019 (Decision 1048/QĐ-TTg) and 2023 (Decision 148/QĐ-TTg);
    `successor` maps a group of the older scheme into the newer.
    """

    scheme = models.PositiveSmallIntegerField(_("scheme"))
    code = models.CharField(_("code"), max_length=20)
    name_vi = models.CharField(_("name (Vietnamese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)
    order = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    successor = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
        ordering = ["scheme", "order"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="product_group_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if get_language() == "en" else self.name_vi

    @property
    def current(self) -> "ProductGroup":
        """The group of the scheme in force that this one became."""
        return self.successor or self


class ActorType(models.TextChoices):
    ENTERPRISE = "enterprise", _("Enterprise")
    COOPERATIVE = "cooperative", _("Cooperative")
    COOPERATIVE_GROUP = "cooperative group", _("Cooperative group")
    HOUSEHOLD = "household business", _("Household business")
    FARM = "farm", _("Farm")
    ARTISAN = "artisan", _("Artisan")


class Organisation(models.Model):
    """A legal or household body: producer, distributor, or both."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=200)
    search = models.CharField(max_length=400, db_index=True, editable=False)
    actor_type = models.CharField(_("kind"), max_length=20, choices=ActorType.choices)
    is_producer = models.BooleanField(_("producer"), default=False)
    is_distributor = models.BooleanField(_("distributor"), default=False)
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=200)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="organisations", verbose_name=_("place")
    )
    craft_village = models.ForeignKey(
        CraftVillage, null=True, blank=True, on_delete=models.SET_NULL, related_name="organisations"
    )
    representative = models.CharField(_("representative"), max_length=120)
    position = models.CharField(_("position"), max_length=80)
    # Since when it wants no notices of fairs.
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_producer=True) | Q(is_distributor=True),
                name="organisation_takes_part",
            ),
            models.CheckConstraint(
                condition=one_of("actor_type", ActorType.values), name="organisation_type_known"
            ),
            models.UniqueConstraint(
                fields=["tax_code"], condition=~Q(tax_code=""), name="organisation_tax_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Representative(models.Model):
    """A user who acts for an organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="representations"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="representatives"
    )

    class Meta:
        verbose_name = _("representative")
        verbose_name_plural = _("representatives")
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="representative_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation}"


class Product(models.Model):
    """One product of one producer."""

    code = models.CharField(_("code"), max_length=16, unique=True, default=new_code)
    producer = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="products")
    group = models.ForeignKey(
        ProductGroup,
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("product group"),
    )
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    search = models.CharField(max_length=400, db_index=True, editable=False)
    kind = models.CharField(_("what is sold"), max_length=40, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    reference_price = models.PositiveBigIntegerField(_("reference price"), help_text=_("VND"))
    monthly_capacity = models.PositiveIntegerField(_("monthly capacity"), default=0)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["producer", "name"], name="product_once_per_producer")
        ]

    def __str__(self) -> str:
        return self.name


class Certification(models.Model):
    """Stars given to a product by a decision; 3 to 5 stars are valid for 36 months."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="certifications")
    stars = models.PositiveSmallIntegerField(_("stars"))
    potential_five_star = models.BooleanField(_("potential five star"), default=False)
    decision_number = models.CharField(_("decision"), max_length=60)
    decision_date = models.DateField(_("decision date"))
    valid_until = models.DateField(_("valid until"))
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("certification")
        verbose_name_plural = _("certifications")
        ordering = ["-decision_date"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="certification_stars"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("decision_date")), name="certification_dates_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.stars}★"

    def is_valid_on(self, day: date) -> bool:
        """Whether the mark may be used on that day."""
        withdrawn = self.withdrawn_on is not None and self.withdrawn_on <= day
        return self.stars >= 3 and self.decision_date <= day <= self.valid_until and not withdrawn
