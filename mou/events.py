"""What may happen to a memorandum: the closed list of verbs in the audit trail, and their types.

The types are those of the evidence sheet. `verified_by_public` is none of them: who checks a
memorandum leaves no trace.
"""

from django.utils.translation import gettext_lazy as _

TYPES = {
    "created": _("Drawn up"),
    "imported": _("Imported"),
    "edited": _("Edited"),
    "party_verified": _("Party verified"),
    "frozen": _("Frozen and hashed"),
    "number_taken": _("Number taken"),
    "preview_rendered": _("Preview made"),
    "session_opened": _("Turn begun"),
    "viewed": _("Text seen"),
    "scrolled_to_end": _("Read to the end"),
    "otp_sent": _("One-time code sent"),
    "otp_ok": _("One-time code entered"),
    "otp_wrong": _("Wrong one-time code"),
    "signature_captured": _("Signature taken"),
    "signature_cleared": _("Drawing cleared"),
    "declined": _("Declined"),
    "reopened": _("Reopened as a new revision"),
    "all_signed": _("Signed by all"),
    "sealed": _("Sealed"),
    "seal_failed": _("Sealing failed"),
    "downloaded": _("Original opened"),
    "state_changed": _("State changed"),
    # Before it is drawn up, and after it is sealed.
    "asked_for": _("Asked for at a booth"),
    "copy_asked": _("Copy asked for"),
    "follow_up_answered": _("Follow-up answered"),
    # Of the register and the tables, not of one memorandum.
    "checkpoint": _("Checkpoint made"),
    "device": _("Tablet enrolled or shut out"),
}

EVENTS = {
    "mou.drawn_up": "created",
    "mou.asked_for": "asked_for",
    "mou.imported": "imported",
    "mou.edited": "edited",
    "mou.discarded": "state_changed",
    "mou.party_verified": "party_verified",
    "mou.frozen": "frozen",
    "mou.number_taken": "number_taken",
    "mou.preview_rendered": "preview_rendered",
    "mou.session_opened": "session_opened",
    "mou.viewed": "viewed",
    "mou.scrolled_to_end": "scrolled_to_end",
    "mou.code_sent": "otp_sent",
    "mou.code_passed": "otp_ok",
    "mou.code_refused": "otp_wrong",
    "mou.signature_captured": "signature_captured",
    "mou.signature_cleared": "signature_cleared",
    "mou.declined": "declined",
    "mou.reopened": "reopened",
    "mou.all_signed": "all_signed",
    "mou.sealed": "sealed",
    "mou.seal_failed": "seal_failed",
    "mou.downloaded": "downloaded",
    "mou.copy_asked": "copy_asked",
    "mou.follow_up_answered": "follow_up_answered",
    "mou.expired": "state_changed",
    "mou.replaced": "state_changed",
    "mou.terminated": "state_changed",
    "mou.void_asked": "state_changed",
    "mou.void_refused": "state_changed",
    "mou.voided": "state_changed",
    "mou.checkpoint_made": "checkpoint",
    "mou.device_enrolled": "device",
    "mou.device_invited": "device",
    "mou.device_revoked": "device",
}
