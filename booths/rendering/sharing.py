"""Shared booths in words: which days, the partner's link, what it agrees to."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from booths.models import Partner
from booths.queries.sharing import days_of
from core import qr
from core.vietnam import shown_days
from fairs.models import Fair


def partner_days(partner: Partner, fair: Fair) -> list[date]:
    """The days of a partner that was read with them, as far as the fair has such days."""
    days = days_of(fair)
    return [days[each.day - 1] for each in partner.days.all() if each.day <= len(days)]


@dataclass(frozen=True)
class Invitation:
    """A partner with its days in words and its link, also as a QR code."""

    partner: Partner
    days: str
    link: str
    qr: str
    qr_box: str


def invitation_of(partner: Partner, fair: Fair) -> Invitation:
    """What the applicant hands to the partner. The address opens the page after signing in."""
    link = settings.SITE_URL + reverse("my_sharing", args=[partner.token])
    modules = qr.matrix(link)
    days = shown_days(partner_days(partner, fair))
    return Invitation(partner, days, link, qr.path(modules), qr.view_box(modules))


def sharing_consent(partner: Partner, fair: Fair) -> str:
    """What the partner agrees to, in the language of the page (Law 91/2025/QH15)."""
    return gettext(
        "I agree that my unit shares a booth with %(applicant)s at “%(fair)s” on %(days)s, that "
        "%(organiser)s keeps the name, address, phone number and products of my unit to hold the "
        "fair, and that the name, the place, the products, the booth and the days are published "
        "if a booth is given. I can take this back until the fair begins by ending the sharing."
    ) % {
        "applicant": partner.application.organisation,
        "fair": fair.shown_title,
        "days": shown_days(partner_days(partner, fair)),
        "organiser": fair.organiser or gettext("the organiser of the fair"),
    }
