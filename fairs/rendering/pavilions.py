"""What a guest province is given to reach its page: an address, a letter, a slip of paper."""

from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from core import qr
from fairs.models import Pavilion
from fairs.rendering.public_data import absolute


@dataclass(frozen=True)
class Slip:
    """A pavilion with the address of its page, also as a QR code (SVG path and view box)."""

    pavilion: Pavilion
    link: str
    qr: str
    qr_box: str


def link_of(pavilion: Pavilion) -> str:
    """The whole address of the province's own page. Whoever has it can fill in the booths."""
    return absolute(reverse("my_pavilion", args=[pavilion.token]))


def slip_of(pavilion: Pavilion) -> Slip:
    """What stands on the paper for a province without e-mail."""
    link = link_of(pavilion)
    modules = qr.matrix(link)
    return Slip(pavilion, link, qr.path(modules), qr.view_box(modules))


def letter_of(pavilion: Pavilion) -> EmailMessage:
    """The e-mail with the link, in Vietnamese. The pavilion must have an address."""
    context = {"pavilion": pavilion, "fair": pavilion.fair, "link": link_of(pavilion)}
    with translation.override(settings.LANGUAGE_CODE):
        subject = gettext("Booths of %(province)s at %(fair)s") % {
            "province": pavilion.place,
            "fair": pavilion.fair.short_title,
        }
        body = render_to_string("fairs/pavilion_letter.txt", context)
    return EmailMessage(" ".join(subject.split()), body, to=[pavilion.email])
