"""A worker killed between two letters of a notice: nobody gets two, and nobody is forgotten."""

import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes

from core.jobs import State
from fairs.actions.notices import NoticeContent, retry_notice, send_notice
from fairs.models import Notice
from fairs.queries.notices import Audience
from fairs.tasks import INTERRUPTED
from tests import builders, services
from tests.services import wait_until
from tests.stage import Stage

NAMES = "abcdef"


class _MailServer(socketserver.ThreadingTCPServer):
    """Takes letters, and holds the one to `held` when it has it all and has not yet said so."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, held: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.held = held
        self.gate = threading.Event()
        self.letters: list[str] = []
        self.message_ids: set[str] = set()

    @property
    def address(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class _Talk(socketserver.StreamRequestHandler):
    server: _MailServer

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._take()
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        self._say("354 go on")
        lines = list(iter(self.rfile.readline, b".\r\n"))
        letter = message_from_bytes(b"".join(lines))
        self.server.letters.append(letter["To"])
        self.server.message_ids.add(letter["Message-ID"])
        if letter["To"] == self.server.held:
            self.server.gate.wait()
        self._say("250 taken")

    def _say(self, line: str) -> None:
        try:
            self.wfile.write(f"{line}\r\n".encode())
        except OSError:
            return  # the worker was killed meanwhile


@contextmanager
def _mail_server(held: str) -> Iterator[_MailServer]:
    with _MailServer(held) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.gate.set()
        server.shutdown()
        thread.join()


def _start_worker(stage: Stage, server: _MailServer, name: str) -> services.Program:
    stage.logs.append(stage.folder / f"{name}.log")
    environment = {**stage.environment, "TEST_EMAIL_URL": server.address}
    return stage.ends.enter_context(services.run_worker(environment, stage.folder, name))


def _is_done(notice: Notice) -> bool:
    notice = Notice.objects.select_related("job").get(pk=notice.pk)
    return notice.job is not None and notice.job.state == State.DONE


def test_of_six_letters_the_one_in_hand_is_doubtful_and_the_others_go_once(
    backstage: Stage,
) -> None:
    fair, actor = builders.make_fair(), builders.make_organiser()
    for name in NAMES:
        builders.make_organisation(name=f"Chủ thể {name}", email=f"{name}@mau.example")
    content = NoticeContent(subject="Mời", body="Xin mời.", audience=Audience())
    notice = send_notice(fair=fair, number=1, content=content, actor=actor)

    with _mail_server("c@mau.example") as server:
        doomed = _start_worker(backstage, server, "doomed")
        wait_until(lambda: len(server.letters) == 3, what="the third letter is in hand")
        doomed.kill()
        server.gate.set()
        _start_worker(backstage, server, "next")
        wait_until(lambda: _is_done(notice), what="the next worker sent the rest")

        assert sorted(server.letters) == [f"{name}@mau.example" for name in NAMES]
        doubtful = notice.deliveries.get(email="c@mau.example")
        assert (doubtful.state, doubtful.error) == ("failed", INTERRUPTED)
        assert notice.deliveries.filter(state="sent").count() == 5

        # A person decides; the letter is the same one, so that mail programs show it once.
        retry_notice(notice=notice, actor=actor)
        wait_until(lambda: _is_done(notice), what="the doubtful one was sent again")
        assert Counter(server.letters)["c@mau.example"] == 2
        assert (len(server.letters), len(server.message_ids)) == (7, 6)
        assert notice.deliveries.filter(state="sent").count() == 6
