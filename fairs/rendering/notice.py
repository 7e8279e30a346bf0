"""Notices as letters: the first draft, and the mail that one organisation gets.

Letters are in Vietnamese whoever sends them: they go to producers, whose language it is.
"""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from core.vietnam import lunar_dates, shown_dates
from fairs.models import Fair, Notice
from fairs.queries.notices import sign
from fairs.states import FairState
from registry.models import Organisation

LANGUAGE = "vi"
INVITING = (FairState.ANNOUNCED, FairState.REGISTERING)
CONTENT = "fairs/mail/notice_content.html"
LEFT_OUT = "…"


def draft_of(fair: Fair) -> tuple[str, str]:
    """A subject and a text to begin with, made from what is known of the fair."""
    facts = {
        "fair": fair,
        "is_invitation": fair.state in INVITING,
        "dates": shown_dates(fair.first_day, fair.end),
        "lunar": lunar_dates(fair.first_day, fair.end),
        "page": settings.SITE_URL + fair.public_url,
    }
    with translation.override(LANGUAGE):
        subject, body = (
            render_to_string(f"fairs/mail/draft_{part}.txt", facts) for part in ("subject", "body")
        )
    lines = [" ".join(line.split()) for line in body.strip().splitlines()]
    return " ".join(subject.split())[:200], "\n".join(lines)


def unsubscribe_address(organisation: Organisation) -> str:
    """The address at which this organisation ends its notices, or wants them again."""
    return settings.SITE_URL + reverse("unsubscribe", args=[sign(organisation)])


def mail_to(
    organisation: Organisation,
    email: str,
    *,
    notice: Notice,
    key: str = "",
    connection: BaseEmailBackend | None = None,
) -> EmailMultiAlternatives:
    """The notice as `organisation` gets it at `email`, as text and as HTML.

    `key` makes the Message-ID: a letter that is sent again, because nobody knows whether it
    arrived, has the same, and mail programs show it once. Without a key it is a preview, in
    which the link that unsubscribes is left out. The two headers are those of RFC 8058.
    """
    address = unsubscribe_address(organisation) if key else LEFT_OUT
    facts = {"notice": notice, "organisation": organisation, "unsubscribe_address": address}
    headers = {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Message-ID": f"<{key}@{settings.SITE_HOST.partition(':')[0]}>",
    }
    with translation.override(LANGUAGE):
        mail = EmailMultiAlternatives(
            subject=notice.subject,
            body=render_to_string("fairs/mail/notice.txt", facts),
            to=[email],
            headers=headers if key else {},
            connection=connection,
        )
        mail.attach_alternative(render_to_string("fairs/mail/notice.html", facts), "text/html")
    return mail


def shown_content(organisation: Organisation, notice: Notice) -> str:
    """What the HTML part of a preview has between its head and its end."""
    facts = {"notice": notice, "organisation": organisation, "unsubscribe_address": LEFT_OUT}
    with translation.override(LANGUAGE):
        return render_to_string(CONTENT, facts)
