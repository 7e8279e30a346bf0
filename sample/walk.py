"""The walk from a floor plan to a sealed memorandum, through the same actions as the pages'."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from badges.actions import print_badges
from booths.actions import publish_allocation, start_allocation
from booths.models import AllocationRun
from booths.states import ApplicationState
from core.errors import DomainError
from core.jobs import Job
from core.vietnam import shown_number
from fairs.models import Fair
from mou.actions import freeze_memorandum, open_session, sign_memorandum
from mou.models import Memorandum, SignerRole
from mou.paper.verdict import Word
from mou.queries import genuine_memorandum, sealed_rendition, verdict_on
from sample.handwriting import draw_signature
from sample.memoranda import distributor_number, draw_up, might_sign

Line = str | Path


@dataclass(frozen=True)
class Walk:
    """One organiser's way through one fair; each step returns what to tell about it.

    `wait` waits for a job and raises DomainError if it fails; files are left in `folder`.
    """

    fair: Fair
    actor: User
    folder: Path
    wait: Callable[[Job], None]

    def allocate(self) -> list[Line]:
        """Compute a proposal, publish it, and keep the answer as `allocation.json`.

        The instance beside it is what `solve_allocation` computes the same answer from.
        """
        run = start_allocation(fair=self.fair, actor=self.actor)
        assert run.job is not None
        self.wait(run.job)
        run = publish_allocation(run=AllocationRun.objects.get(pk=run.pk), actor=self.actor)
        assert run.answer is not None
        for kind in ("booths.pass_on", "booths.draw_protocol"):
            for job in Job.objects.filter(kind=kind, stream=self.fair.stream):
                self.wait(job)
        self._keep("instance.json", run.instance.encode())
        answer = json.dumps(run.answer, ensure_ascii=False, indent=1)
        path = self._keep("allocation.json", answer.encode())
        language = get_language() or "vi"
        given = sum(len(codes) for codes in run.answer["assignments"].values())
        return [
            _("%(placed)s applications have %(booths)s booths, %(waiting)s wait")
            % {
                "placed": len(run.answer["assignments"]),
                "booths": given,
                "waiting": len(run.answer["unplaced"]),
            },
            _("score %(score)s; no plan can have more than %(bound)s")
            % {name: shown_number(run.answer[name], language) for name in ("score", "bound")},
            path,
        ]

    def print_badges(self) -> list[Line]:
        """Print the fair's badges and keep the sheet as `badges.pdf`."""
        sheet = print_badges(fair=self.fair, actor=self.actor)
        assert sheet.job is not None
        self.wait(sheet.job)
        sheet.refresh_from_db()
        assert sheet.file is not None
        path = self._keep("badges.pdf", sheet.file.read())
        return [
            _("%(count)s badges on %(pages)s pages") % {"count": sheet.count, "pages": sheet.pages},
            path,
        ]

    def sign(self) -> list[Line]:
        """Have a producer with a booth, a distributor and the witness sign; wait for the seal."""
        placed = might_sign(self.fair).filter(state=ApplicationState.PLACED)
        application = placed[0]
        memorandum = draw_up(
            self.fair, application=application, distributor=distributor_number(0), actor=self.actor
        )
        memorandum = freeze_memorandum(memorandum=memorandum, actor=self.actor)
        for role in SignerRole:
            self._sign_as(role, memorandum)
        memorandum.refresh_from_db()
        assert memorandum.job is not None
        self.wait(memorandum.job)
        for copy in Job.objects.filter(kind="mou.copy", arguments__memorandum=memorandum.pk):
            self.wait(copy)
        rendition = sealed_rendition(memorandum)
        assert rendition is not None
        path = self._keep("memorandum.pdf", rendition.file.read())
        parties = memorandum.parties.order_by("side")
        return [memorandum.shown_number, *(party.name for party in parties), path]

    def verify(self) -> list[Line]:
        """Judge the kept file and read the page that its QR leads to.

        Raises DomainError `demo.not_original`.
        """
        verdict, memorandum = verdict_on((self.folder / "memorandum.pdf").read_bytes())
        shown = genuine_memorandum(memorandum.code) if memorandum else None
        if verdict.word is not Word.ORIGINAL or shown is None:
            raise DomainError(
                "demo.not_original",
                _("The file is not the sealed original: %(word)s"),
                word=verdict.word,
            )
        return [_("VERIFIED: the original"), f"SHA-256 {verdict.facts['sha256']}", shown.verify_url]

    def _sign_as(self, role: str, memorandum: Memorandum) -> None:
        token = open_session(memorandum=memorandum, role=role, actor=self.actor)
        party = memorandum.parties.filter(side=role).first()
        sign_memorandum(
            token=token,
            strokes=draw_signature(party.representative if party else memorandum.witness),
            has_consented=True,
            device_at=timezone.now(),
            actor=self.actor,
        )

    def _keep(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path
