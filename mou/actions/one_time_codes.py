"""Writes: the one-time code that shows that a signer can be reached where they say."""

import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Device, User
from core.errors import DomainError
from core.sms import gateway
from mou.actions.records import record
from mou.actions.signing import device_facts, open_session_row
from mou.models import Memorandum, Party, SigningSession
from mou.rules import needs_code

CODE_LIFE = timedelta(minutes=10)
TRIES = 5
PAUSE = timedelta(seconds=60)

log = logging.getLogger(__name__)


def send_code(*, token: str, actor: User, device: Device | None = None) -> None:
    """Send six digits to the signer of this turn, by e-mail or else as a text message.

    A new code ends the one before. Raises NotAllowed, StaleState `signing.session_over`,
    DomainError `code.not_needed`, `code.no_address`, `code.too_soon`, `code.unsent`.
    """
    digits = f"{secrets.randbelow(10**6):06}"
    row, party = _write_code(token=token, digits=digits, actor=actor, device=device)
    text = gettext(
        "%(code)s is your code for signing memorandum No. %(number)s. It works for 10 minutes. "
        "Tell it to nobody but the signing table."
    ) % {"code": digits, "number": row.shown_number}
    try:
        if party.email:
            subject = gettext("Your code for signing: %(code)s") % {"code": digits}
            send_mail(f"Chợ Phiên: {subject}", text, None, [party.email])
        elif carrier := gateway():
            carrier.send(phone=party.phone, text=text)
    except (SMTPException, OSError) as error:
        log.warning("a code for signing was not sent (%s)", error)
        raise DomainError(
            "code.unsent", _("The code could not be sent just now. Try again in a minute.")
        ) from error


@transaction.atomic(durable=True)
def _write_code(
    *, token: str, digits: str, actor: User, device: Device | None
) -> tuple[Memorandum, Party]:
    session, row = open_session_row(token, actor, device)
    if not needs_code(row, session.role) or session.code_passed_at:
        raise DomainError("code.not_needed", _("This signer needs no code."))
    party = row.parties.get(side=session.role)
    if not party.email and not (party.phone and gateway()):
        raise DomainError(
            "code.no_address",
            _(
                "There is no address to send a code to. Sign on paper, or let the organiser "
                "turn the codes off for this ceremony."
            ),
        )
    frozen_now = timezone.now()
    if session.code_sent_at and frozen_now - session.code_sent_at < PAUSE:
        raise DomainError("code.too_soon", _("A code was sent less than a minute ago."))
    session.code_hash = _hash(session, digits)
    session.code_sent_at, session.code_tries = frozen_now, 0
    session.save(update_fields=["code_hash", "code_sent_at", "code_tries"])
    by = "email" if party.email else "sms"
    record(row, actor, "mou.code_sent", role=session.role, by=by, **device_facts(device))
    return row, party


def check_code(*, token: str, digits: str, actor: User, device: Device | None = None) -> None:
    """Let the signer on if these are the digits that were sent.

    A wrong try is counted. Raises NotAllowed, StaleState `signing.session_over`, DomainError
    `code.wrong`, `code.too_many` after five wrong ones, `code.expired` after ten minutes or
    before any.
    """
    with transaction.atomic(durable=True):
        session, row = open_session_row(token, actor, device)
        if session.code_passed_at:
            return
        refusal = _try(session, digits)
        session.save(update_fields=["code_tries", "code_passed_at"])
        verb = "mou.code_refused" if refusal else "mou.code_passed"
        record(row, actor, verb, role=session.role, **device_facts(device))
    if refusal:
        raise refusal


def _try(session: SigningSession, digits: str) -> DomainError | None:
    frozen_now = timezone.now()
    if session.code_sent_at is None or frozen_now - session.code_sent_at > CODE_LIFE:
        return DomainError("code.expired", _("This code is too old. Let a new one be sent."))
    if session.code_tries >= TRIES:
        return DomainError("code.too_many", _("Five wrong tries. Let a new code be sent."))
    if not constant_time_compare(session.code_hash, _hash(session, digits)):
        session.code_tries += 1
        return DomainError("code.wrong", _("This is not the code that was sent."))
    session.code_passed_at = frozen_now
    return None


def _hash(session: SigningSession, digits: str) -> str:
    """Six digits are guessed in no time from a plain hash: it is keyed, and bound to the turn."""
    return salted_hmac("mou.code", f"{session.token_hash}:{digits}", algorithm="sha256").hexdigest()
