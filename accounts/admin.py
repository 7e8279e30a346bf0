"""The superuser's pages: people and their roles. Nobody has a password here."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Grant, User
from core import audit

# The same door as for everybody: a code by e-mail or a passkey, and the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class SuperuserAdmin(admin.ModelAdmin):
    """A page for superusers only, whatever permissions others may have been given."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return self.has_module_permission(request)

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission


class UserForm(forms.ModelForm):
    """A person. Addresses are kept in lower case: that is how people are found at sign-in."""

    class Meta:
        model = User
        fields = ("name", "email", "language", "is_active", "is_staff", "is_superuser")

    def clean_email(self) -> str | None:
        email = self.cleaned_data["email"]
        return email.lower() if email else None


@admin.register(User)
class UserAdmin(SuperuserAdmin):
    form = UserForm
    list_display = ("name", "email", "language", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff", "grants__role")
    search_fields = ("name", "email")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        # An address that was taken away must not sign its former owner in.
        EmailAddress.objects.filter(user=obj).exclude(email=obj.email or "").delete()


@admin.register(Grant)
class GrantAdmin(SuperuserAdmin):
    """Roles are given and taken, never edited, and each leaves its line in the record."""

    list_display = ("user", "role", "fair_code")
    list_filter = ("role", "fair_code")
    search_fields = ("user__name", "user__email", "fair_code")
    autocomplete_fields = ("user",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def save_model(self, request: HttpRequest, obj: Grant, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        self._record(request, "accounts.role_granted", obj)

    def delete_model(self, request: HttpRequest, obj: Grant) -> None:
        self._record(request, "accounts.role_revoked", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Grant]) -> None:
        for grant in queryset:
            self.delete_model(request, grant)

    @staticmethod
    def _record(request: HttpRequest, verb: str, grant: Grant) -> None:
        audit.record(
            stream=audit.OFFICE,
            actor=request.user,
            verb=verb,
            subject=f"user:{grant.user_id}",
            role=grant.role,
            fair=grant.fair_code,
        )
