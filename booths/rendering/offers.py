"""Offers of stands in words: the e-mail that tells of one, and what became of it."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from booths.models import BoothOffer
from booths.states import OfferState
from core.vietnam import shown_date


def offer_link(offer: BoothOffer) -> str:
    """The whole address of the offer's page. Whoever has it can answer."""
    return settings.SITE_URL + reverse("booth_offer", args=[offer.token])


def moment_in_words(moment: datetime) -> str:
    """A time of day with its date: "21:00 on 02/12/2026"."""
    local = timezone.localtime(moment)
    return gettext("%(time)s on %(day)s") % {
        "time": f"{local:%H:%M}",
        "day": shown_date(local.date()),
    }


def end_in_words(offer: BoothOffer) -> str:
    """Why an offer that has ended can no longer be answered; empty while it is open."""
    sentences = {
        OfferState.ACCEPTED: gettext("This offer was accepted: the stand %(booths)s is given."),
        OfferState.DECLINED: gettext(
            "This offer was declined. The stand %(booths)s goes to the next on the list."
        ),
        OfferState.EXPIRED: gettext(
            "This offer ended at %(end)s without an answer. The stand %(booths)s goes to the next "
            "on the list."
        ),
        OfferState.WITHDRAWN: gettext("The organiser has withdrawn the offer of %(booths)s."),
    }
    sentence = sentences.get(OfferState(offer.state), "")
    return sentence % {
        "booths": offer.shown_booths,
        "end": moment_in_words(offer.expires_at),
    }


def note_in_words(offer: BoothOffer) -> str:
    """What was said when the offer ended; what the system itself said, in the reader's language."""
    return gettext(offer.end_note) if offer.end_note else ""


def letter_of(offer: BoothOffer, address: str) -> EmailMessage:
    """The e-mail that tells the applicant how the offer stands now, in Vietnamese."""
    application = offer.application
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "offer": offer,
            "application": application,
            "fair": application.fair,
            "link": offer_link(offer),
            "until": moment_in_words(offer.expires_at),
            "ended": end_in_words(offer),
            "note": note_in_words(offer),
        }
        subject = _subject(offer) % {
            "booths": offer.shown_booths,
            "fair": application.fair.short_title,
        }
        body = render_to_string("booths/offer_letter.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[address])


def _subject(offer: BoothOffer) -> str:
    if offer.state == OfferState.OPEN:
        return gettext("Stand %(booths)s at %(fair)s is free for you: please answer")
    if offer.state == OfferState.ACCEPTED:
        return gettext("You have stand %(booths)s at %(fair)s")
    return gettext("The offer of stand %(booths)s at %(fair)s has ended")
