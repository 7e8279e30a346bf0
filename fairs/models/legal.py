"""The legal basis of fairs as the office keeps it: rules, checklists, documents, reminders."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.storage import StoredFile
from core.transitions import one_of
from fairs.models.fair import Fair, LegalBasis


class LegalRule(models.Model):
    """What one legal basis asks for. Laws change, so the office edits it; one row per basis.

    Decree 81/2018/NĐ-CP, article 29: a fair outside a programme is registered between 365 and
    30 days before it opens.
    """

    basis = models.CharField(
        _("legal basis"), max_length=20, choices=LegalBasis.choices, unique=True
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    needs_decision = models.BooleanField(_("announced by a decision"), default=False)
    # Days before the opening between which the registration must be handed in.
    register_from_days = models.PositiveSmallIntegerField(
        _("registered at the earliest"), null=True, blank=True, help_text=_("days before opening")
    )
    register_until_days = models.PositiveSmallIntegerField(
        _("registered at the latest"), null=True, blank=True, help_text=_("days before opening")
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("rule of a legal basis")
        verbose_name_plural = _("rules of legal bases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("basis", LegalBasis.values), name="legal_rule_basis_known"
            ),
            models.CheckConstraint(
                condition=Q(register_from_days__isnull=True, register_until_days__isnull=True)
                | Q(register_from_days__gte=F("register_until_days")),
                name="legal_rule_window_ordered",
                violation_error_message=_("The earliest day comes after the latest."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_basis_display()


class ChecklistItem(models.Model):
    """A thing to have before a fair of this basis opens; retired ones stay with old fairs."""

    rule = models.ForeignKey(LegalRule, on_delete=models.CASCADE, related_name="items")
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200, blank=True)
    due_days = models.PositiveSmallIntegerField(
        _("due"), default=0, help_text=_("days before opening")
    )
    needs_document = models.BooleanField(_("with a document"), default=True)
    order = models.PositiveSmallIntegerField(default=0)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "title"],
                condition=Q(retired_at__isnull=True),
                name="checklist_item_once",
            )
        ]

    def __str__(self) -> str:
        return self.shown_title

    @property
    def shown_title(self) -> str:
        return (get_language() == "en" and self.title_en) or self.title


class ChecklistTick(models.Model):
    """That a fair has a thing which needs no document, or why it does not need it."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="ticks")
    item = models.ForeignKey(ChecklistItem, on_delete=models.PROTECT, related_name="ticks")
    note = models.CharField(_("note"), max_length=200, blank=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ticked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tick")
        verbose_name_plural = _("ticks")
        constraints = [models.UniqueConstraint(fields=["fair", "item"], name="tick_once")]

    def __str__(self) -> str:
        return f"{self.fair}: {self.item}"


class Document(models.Model):
    """A paper of a fair. Replaced by a newer version, it stays as it was."""

    fair = models.ForeignKey(Fair, on_delete=models.PROTECT, related_name="documents")
    item = models.ForeignKey(
        ChecklistItem,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="documents",
        verbose_name=_("for the checklist"),
    )
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("number of the paper"), max_length=60, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=200)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["title", "-version"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, version=1)
                | Q(replaces__isnull=False, version__gt=1),
                name="document_version_follows",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Reminder(models.Model):
    """That people were told of a deadline: once for each number of days before it."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="reminders")
    # Which deadline, e.g. registration, applications, item:12, document:7.
    deadline = models.CharField(max_length=40)
    due = models.DateField()
    days_before = models.SmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "deadline", "due", "days_before"], name="reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.fair}: {self.deadline} {self.due}"
