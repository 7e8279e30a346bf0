"""How a program says whom it acts for: `Authorization: Bearer …`."""

from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from accounts.models import ApiToken
from core.codes import token_hash

# How exactly "last used" is kept: a write for every request would be too dear.
EXACTNESS = timedelta(minutes=5)


class TokenAuth(HttpBearer):
    """Makes the token's person the request's user. A token that is no good gets a 401."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        now = timezone.now()
        row = (
            ApiToken.objects.select_related("user")
            .filter(token_hash=token_hash(token), revoked_at__isnull=True, expires_at__gt=now)
            .filter(user__is_active=True)
            .first()
        )
        if row is None:
            raise AuthenticationError
        stale = Q(used_at__isnull=True) | Q(used_at__lt=now - EXACTNESS)
        ApiToken.objects.filter(stale, pk=row.pk).update(used_at=now)
        request.user = row.user
        request.api_token = row  # type: ignore[attr-defined]
        return row
