"""Reads: what the verify page may say."""

from hashlib import sha256

from django.db.models import Q

from core import codes
from mou.models import Memorandum, Rendition
from mou.paper.apart import judge_apart
from mou.paper.verdict import Verdict, judge
from mou.queries.memoranda import with_particulars
from mou.states import GENUINE, MemorandumState


def sealed_rendition(memorandum: Memorandum) -> Rendition | None:
    """The sealed original of the present revision."""
    return (
        Rendition.objects.select_related("file")
        .filter(memorandum=memorandum, revision=memorandum.revision, kind=Rendition.Kind.SEALED)
        .first()
    )


def paper_rendition(memorandum: Memorandum) -> Rendition | None:
    """The scan of the original that was signed by hand, if there is one."""
    scans = Rendition.objects.select_related("file").filter(memorandum=memorandum)
    return scans.filter(revision=memorandum.revision, kind=Rendition.Kind.PAPER).first()


def genuine_memorandum(code: str) -> Memorandum | None:
    """What the public may read about the memorandum with this code, or None.

    A malformed code costs the same look-up as an unknown one.
    """
    found = with_particulars(Memorandum.objects.filter(code=codes.normalise(code)[:16]))
    return found.filter(
        Q(state__in=[*GENUINE, MemorandumState.SIGNED])
        | Q(state=MemorandumState.VOID, sealed_at__isnull=False)
        | Q(state=MemorandumState.VOID, renditions__kind=Rendition.Kind.PAPER)
    ).first()


def known_certificates() -> frozenset[str]:
    """The fingerprints of every certificate that a memorandum was ever sealed with."""
    sealed = Rendition.objects.exclude(certificate_sha256="")
    return frozenset(sealed.values_list("certificate_sha256", flat=True).distinct())


def verdict_on(pdf: bytes) -> tuple[Verdict, Memorandum | None]:
    """Judge a file that somebody brought; with the memorandum if it is an original of ours.

    A file that the register does not know is opened in a process of its own. Raises
    VerdictError for a file that is too large, and while too many are being judged.
    """
    rendition = (
        Rendition.objects.select_related("memorandum", "memorandum__fair")
        .filter(sha256=sha256(pdf).hexdigest(), kind=Rendition.Kind.SEALED)
        .first()
    )
    if rendition is None:
        return judge_apart(pdf, pinned=known_certificates()), None
    return judge(pdf, known=lambda _sha256: True, pinned=frozenset()), rendition.memorandum
