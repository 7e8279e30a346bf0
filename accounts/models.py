"""Who: people, what they may do at which fair, and the links that let them in."""

from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.transitions import one_of

LINK_LIFE = timedelta(hours=24)


class UserManager(BaseUserManager["User"]):
    """Makes people; most of them have no password and many no e-mail."""

    def create_user(self, *, name: str, email: str | None = None, **fields: object) -> "User":
        user = self.model(name=name, email=email.lower() if email else None, **fields)
        user.set_unusable_password()
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None, name: str = "") -> "User":
        user = self.create_user(name=name or email, email=email, is_staff=True, is_superuser=True)
        user.set_password(password)
        user.save(update_fields=["password"])
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. One name field, as Vietnamese names are."""

    name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("vi", _("Vietnamese")), ("en", _("English"))],
        default="vi",
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the administration site"), default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """The user's roles, each with the fair's code it holds at (empty: everywhere)."""
        return tuple(self.grants.values_list("role", "fair_code"))


class Role(models.TextChoices):
    ORGANISER = "organiser", _("Organiser")
    REVIEWER = "reviewer", _("Reviewer")
    VIEWER = "viewer", _("Viewer")
    COMMUNE_OFFICER = "commune_officer", _("Commune officer")


# Those who work at a desk: they see every page of their fairs.
DESK = (Role.ORGANISER, Role.REVIEWER, Role.VIEWER, Role.COMMUNE_OFFICER)


class Grant(models.Model):
    """A role that a user has: at one fair (its code), or everywhere (empty)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    fair_code = models.CharField(_("fair"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "fair_code"], name="grant_once"),
            models.CheckConstraint(condition=one_of("role", Role.values), name="grant_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} {self.fair_code}".strip()


def link_end() -> datetime:
    """When a link made now stops working."""
    return timezone.now() + LINK_LIFE


class SignInLink(models.Model):
    """A link or QR that signs one person in, once. Only the token's hash is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=link_end)
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self) -> str:
        return str(self.user)


class Device(models.Model):
    """A phone or tablet enrolled for one place of work by the QR code shown at the desk.

    `scope` names the place as `gate:<fair>/<gate>` or `station:<ceremony>/<number>`. Only the
    hash of its token is stored; it works until it expires or is revoked.
    """

    scope = models.CharField(_("place of work"), max_length=80)
    label = models.CharField(_("device"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    # Its own key, with which it signs what it kept while it was offline (JWK, P-256).
    public_key = models.JSONField(null=True)
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField(_("enrolled"), null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    seen_at = models.DateTimeField(_("last seen"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        indexes = [models.Index(fields=["scope"], name="device_scope")]

    def __str__(self) -> str:
        return f"{self.label} ({self.scope})"


class Scope(models.TextChoices):
    """What a program may do for the person whose token it holds, and no more than they may."""

    MEMORANDA_READ = "memoranda:read", _("Read memoranda")
    MEMORANDA_WRITE = "memoranda:write", _("Draw up, change and freeze memoranda")
    BOOTHS_READ = "booths:read", _("Read floor plans, applications and allocations")
    BOOTHS_WRITE = "booths:write", _("Change floor plans, enter applications, allocate booths")
    FOLLOW_UPS_READ = "follow_ups:read", _("Read what became of memoranda")


class ApiToken(models.Model):
    """Lets one program act for one person. Only the token's hash is stored."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(_("program"), max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("may"), default=list)
    # Of one fair (its code), or of all that its person has.
    fair_code = models.CharField(_("fair"), max_length=60, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        verbose_name = _("program's token")
        verbose_name_plural = _("programs' tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def is_alive(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def shown_scopes(self) -> list[str]:
        """What it may do, in words."""
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope]
