"""Reads: what a tablet keeps for hours without network, and what came back from it."""

import hashlib
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core import codes
from mou.models import Ceremony, OfflinePacket
from mou.packets import public_jwk, table_key
from mou.queries.ceremonies import Tablet, line_at
from mou.queries.signing import turns_of
from mou.states import SIGNABLE

REASONS = {
    "packet.other_revision": _("The text was changed after the tablet loaded it: sign again."),
    "signing.not_their_turn": _("Somebody has signed here already, or it was not yet due."),
    "ceremony.closed": _("It came after the ceremony was closed, or the memorandum left it."),
    "signing.code_missing": _("This ceremony asks for a one-time code, which needs the network."),
    "signing.consent_missing": _("Not every statement was ticked."),
    "fair.not_organiser": _("Who enrolled the tablet is no organiser of this fair any more."),
    "memorandum.fair_cancelled": _("This fair is cancelled."),
}


def waiting_packets(ceremony: Ceremony) -> list[tuple[OfflinePacket, str]]:
    """What tablets of the ceremony sent that a person must decide, each with its reason."""
    found: QuerySet[OfflinePacket] = OfflinePacket.objects.filter(
        device__scope__startswith=f"station:{ceremony.code}/", state=OfflinePacket.State.WAITING
    )
    packets = found.select_related("device", "memorandum__fair")
    return [
        (packet, str(REASONS.get(packet.reason, _("The drawing cannot be taken."))))
        for packet in packets
    ]


def tablet_facts(tablet: Tablet) -> dict[str, Any]:
    """What a tablet must know to make packets: its table, and the key to seal them for."""
    ceremony = tablet.station.ceremony
    return {
        "ceremony": ceremony.title,
        "station": tablet.station.name,
        "key": public_jwk(table_key(tablet.device.scope, settings.SECRET_KEY)),
        "signs_offline": bool(tablet.device.public_key) and not ceremony.needs_code,
        "works_until": tablet.device.expires_at.isoformat(),
    }


def signable_at(tablet: Tablet, code: str = "") -> list[dict[str, Any]]:
    """The table's memoranda that can be signed; `row` is each itself, for its text.

    With `code`, only the one with that code.
    """
    line = line_at(tablet.station).filter(state__in=SIGNABLE)
    return [
        {
            "code": row.code,
            "shown_code": codes.shown(row.code),
            "number": row.shown_number,
            "turn": row.turn,
            "revision": row.revision,
            "content_sha256": row.content_sha256,
            "signers": [
                {
                    "role": turn.role,
                    "label": turn.label,
                    "name": turn.name,
                    "organisation": turn.organisation,
                    "signed_at": turn.signature.signed_at.isoformat() if turn.signature else None,
                }
                for turn in turns_of(row)
            ],
            "row": row,
        }
        for row in (line.filter(code=code) if code else line)
    ]


def text_sha256(html: str) -> str:
    """By which the tablet knows that it kept the text whole."""
    return hashlib.sha256(html.encode()).hexdigest()
