"""The life of a badge."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.transitions import Transitions


class BadgeState(TextChoices):
    VALID = "valid", _("Valid")
    REVOKED = "revoked", _("Revoked")


BADGE = Transitions(
    {BadgeState.VALID: frozenset({BadgeState.REVOKED}), BadgeState.REVOKED: frozenset()}
)
