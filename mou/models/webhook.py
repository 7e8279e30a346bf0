"""Where other programs are told what happened to memoranda."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.jobs import Job
from fairs.models import Fair

# How long an answer to a program is told again; after that its key is a new one.
KEY_LIFE = timedelta(days=7)


class Webhook(models.Model):
    """An address that is told; every message is signed with its secret (HMAC-SHA-256)."""

    url = models.URLField(_("address"), max_length=300)
    secret = models.CharField(max_length=64)
    # Of one fair, or of all.
    fair = models.ForeignKey(
        Fair, null=True, blank=True, on_delete=models.CASCADE, related_name="webhooks"
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.url


class WebhookMessage(models.Model):
    """One thing told, or still to be told, to one address."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="messages")
    token = models.CharField(max_length=64, unique=True)
    event = models.CharField(max_length=40)
    body = models.TextField()
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("message to a webhook")
        verbose_name_plural = _("messages to webhooks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event} → {self.webhook}"


class ApiRequest(models.Model):
    """A change asked for under an idempotency key, and its answer, told again when asked again."""

    key = models.CharField(max_length=80)
    who = models.CharField(max_length=40)
    # Of method, path and body: the same key for something else is an error.
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    etag = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("request under a key")
        verbose_name_plural = _("requests under a key")
        constraints = [models.UniqueConstraint(fields=["who", "key"], name="api_request_once")]

    def __str__(self) -> str:
        return self.key
