"""Applications for those who apply: what is agreed to, the receipt and its letter."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from booths.models import Application
from booths.queries.apply import Offered
from core import codes, qr
from core.vietnam import shown_date
from fairs.models import Fair


@dataclass(frozen=True)
class Receipt:
    """The number of an application and the address of its page, also as a QR code."""

    number: str
    link: str
    qr: str
    qr_box: str


def receipt_of(application: Application) -> Receipt:
    """What stands on the receipt. The address opens the page after signing in only."""
    link = settings.SITE_URL + reverse("application_link", args=[application.token])
    modules = qr.matrix(link)
    number = codes.shown(application.code)
    return Receipt(number, link, qr.path(modules), qr.view_box(modules))


def consent_text(fair: Fair) -> str:
    """What the applicant agrees to, in the language of the page (Law 91/2025/QH15)."""
    return gettext(
        "I agree that %(organiser)s keeps the name, address, phone number and products of my "
        "unit to decide on this application and to hold “%(fair)s”, and that the name, the place, "
        "the products and the booth are published if a booth is given. I can take this back at "
        "any time by withdrawing the application."
    ) % {
        "organiser": fair.organiser or gettext("the organiser of the fair"),
        "fair": fair.shown_title,
    }


def certificate_in_words(offered: Offered, fair: Fair) -> str:
    """Why a product's certificate does not do on the fair's last day; empty where it does."""
    held, day = offered.certification, shown_date(fair.end)
    if offered.state == "valid":
        return ""
    if held is None:
        return gettext("Not certified: it can be shown, but without the OCOP mark.")
    if held.withdrawn_on and offered.state == "withdrawn":
        return gettext("Cannot be brought: its certificate was withdrawn on %(day)s.") % {
            "day": shown_date(held.withdrawn_on)
        }
    if offered.state == "weak":
        return gettext(
            "No certificate of three stars or more on %(day)s: it can be shown, but without the "
            "OCOP mark."
        ) % {"day": day}
    return gettext(
        "The certificate ends on %(end)s, before the fair does: it can be shown, but without the "
        "OCOP mark. If it was renewed, tell the organiser."
    ) % {"end": shown_date(held.valid_until)}


def letter_of(application: Application, address: str) -> EmailMessage:
    """The e-mail that says the application has arrived, in Vietnamese."""
    context = {
        "application": application,
        "fair": application.fair,
        "receipt": receipt_of(application),
        "products": list(application.products.all()),
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("Application %(number)s for %(fair)s has arrived") % {
            "number": codes.shown(application.code),
            "fair": application.fair.short_title,
        }
        body = render_to_string("booths/apply_letter.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[address])
