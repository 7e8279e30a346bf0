"""Memoranda with their parties, line items and numbers."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.codes import public_code
from core.jobs import Job
from core.storage import StoredFile
from core.transitions import one_of
from fairs.models import Fair
from mou.models.ceremony import Ceremony, Station
from mou.models.wording import Wording
from mou.quantities import quantity_of
from mou.states import FROZEN, IN_FORCE, MemorandumState
from registry.models import Organisation, Product


class Register(models.Model):
    """The last number given out for one fair and year; locking the row is what leaves no gap."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        constraints = [models.UniqueConstraint(fields=["fair", "year"], name="register_once")]

    def __str__(self) -> str:
        return f"{self.fair} {self.year}: {self.last_number}"


class Memorandum(models.Model):
    """Between one producer (A) and one distributor (B). Frozen, its content never changes again."""

    code = models.CharField(_("code"), max_length=16, unique=True, default=public_code)
    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="memoranda")
    year = models.PositiveSmallIntegerField(null=True)
    number = models.PositiveIntegerField(_("number"), null=True)
    state = models.CharField(
        _("state"), max_length=12, choices=MemorandumState.choices, default=MemorandumState.DRAFT
    )
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="memoranda")
    ceremony = models.ForeignKey(
        Ceremony,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="memoranda",
        verbose_name=_("signing ceremony"),
    )
    # Its turn in the ceremony, and the table it is signed at.
    turn = models.PositiveIntegerField(_("turn"), null=True, blank=True)
    station = models.ForeignKey(
        Station, null=True, blank=True, on_delete=models.SET_NULL, related_name="memoranda"
    )
    annex_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="annexes",
        verbose_name=_("annex of"),
    )
    replaces = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
        verbose_name=_("replaces"),
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    place = models.CharField(_("place of signing"), max_length=80)
    witness = models.CharField(_("witness"), max_length=120)
    witness_position = models.CharField(_("witness's position"), max_length=120)
    # Days, months and the like that fill the wording's placeholders.
    terms = models.JSONField(default=dict)
    expires_on = models.DateField(_("expires"), null=True)
    # What was frozen, as canonical JSON text, and its sha256: everything after is made from it.
    content = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    signed_at = models.DateTimeField(_("signed"), null=True)
    sealed_at = models.DateTimeField(_("sealed"), null=True)
    ended_on = models.DateField(_("ended"), null=True)
    # A void needs two people: who asked for it, and who agreed.
    void_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    void_asked_at = models.DateTimeField(null=True)
    void_agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The notice or decision by which it was terminated or voided.
    ending_document = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+"
    )
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("memorandum")
        verbose_name_plural = _("memoranda")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "year", "number"], name="memorandum_number_once"
            ),
            models.CheckConstraint(
                condition=one_of("state", MemorandumState.values), name="memorandum_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s for s in FROZEN if s != MemorandumState.VOID])
                | (Q(number__isnull=False) & ~Q(content_sha256="")),
                name="memorandum_frozen_is_numbered",
            ),
            models.CheckConstraint(
                condition=Q(void_agreed_by__isnull=True)
                | Q(void_asked_by__isnull=False) & ~Q(void_asked_by=F("void_agreed_by")),
                name="memorandum_void_by_two",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_number or self.code

    @property
    def shown_number(self) -> str:
        """The number as papers print it, e.g. `07/2026/BGN-TT26`; empty until it is taken."""
        return f"{self.number:02}/{self.year}/BGN-{self.fair.register_code}" if self.number else ""

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed while its state still says that it is in force."""
        last = self.expires_on
        return self.state in IN_FORCE and last is not None and last < timezone.localdate()

    @property
    def said_reason(self) -> str:
        """Why it is in its state; what is only asked for is not said."""
        is_asked = self.void_asked_by_id is not None and self.void_agreed_by_id is None
        return "" if is_asked else self.state_reason

    @property
    def verify_url(self) -> str:
        """Where anyone can check this memorandum; what its QR holds, in capitals."""
        return settings.SITE_URL + reverse("verify_code", args=[self.code])


class SignerRole(models.TextChoices):
    PARTY_A = "party_a", _("Party A")
    PARTY_B = "party_b", _("Party B")
    WITNESS = "witness", _("Witness")


SIDES = (SignerRole.PARTY_A, SignerRole.PARTY_B)


class Party(models.Model):
    """One side of a memorandum with its particulars as they were when it was drawn up."""

    memorandum = models.ForeignKey(Memorandum, on_delete=models.CASCADE, related_name="parties")
    side = models.CharField(max_length=8, choices=SignerRole.choices)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="parties")
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20)
    address = models.CharField(_("address"), max_length=400)
    tax_code = models.CharField(_("tax code"), max_length=14, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    representative = models.CharField(_("representative"), max_length=120)
    position = models.CharField(_("position"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    province = models.CharField(_("province"), max_length=80, blank=True)
    account = models.CharField(_("account and bank"), max_length=120, blank=True)
    authority = models.CharField(_("authorisation"), max_length=120, blank=True)
    # When its link to the sealed PDF went out by e-mail.
    copy_sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["side"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "side"], name="party_one_per_side"),
            models.CheckConstraint(condition=one_of("side", list(SIDES)), name="party_side_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One product of a memorandum, with its certification as it stood."""

    class Period(models.TextChoices):
        MONTH = "month", _("per month")
        SEASON = "season", _("per season")
        YEAR = "year", _("per year")

    memorandum = models.ForeignKey(Memorandum, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(default=0)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="items")
    name = models.CharField(_("product"), max_length=200)
    stars = models.PositiveSmallIntegerField(_("stars"), null=True)
    decision = models.CharField(_("decision"), max_length=60, blank=True)
    unit = models.CharField(_("unit"), max_length=20)
    # What is agreed may be 1.5 tonnes: see `mou.quantities`.
    quantity_thousandths = models.PositiveBigIntegerField(_("quantity in thousandths"))
    period = models.CharField(_("period"), max_length=8, choices=Period.choices)
    reference_price = models.PositiveBigIntegerField(_("reference price"), help_text=_("VND"))
    certified_until = models.DateField(_("certified until"), null=True)

    class Meta:
        verbose_name = _("line item")
        verbose_name_plural = _("line items")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["memorandum", "product"], name="item_product_once"),
            models.CheckConstraint(
                condition=Q(quantity_thousandths__gt=0), name="item_quantity_positive"
            ),
            models.CheckConstraint(
                condition=one_of("period", ["month", "season", "year"]), name="item_period_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def quantity(self) -> Decimal:
        """How much each period, without needless zeros."""
        return quantity_of(self.quantity_thousandths)
