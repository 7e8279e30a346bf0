"""Two days told over HTTP alone: an organiser's and a distributor's, on the product as it runs."""

import re

import pytest

from accounts.actions import make_sign_in_link
from accounts.models import User
from booths.models import Application
from booths.states import ApplicationState
from core.audit import find_breaks
from core.jobs import Job, State
from fairs.models import Fair
from fairs.states import FairState
from mou.actions import freeze_memorandum
from mou.models import Memorandum, SignerRole
from mou.paper.verdict import Word
from mou.queries import verdict_on
from registry.models import Organisation
from tests import builders
from tests.flows.papers import read_codes, read_seal
from tests.flows.signing import sign
from tests.mou.filled import answers_of
from tests.services import wait_until
from tests.stage import Stage
from tests.visitor import Answer, Visitor

pytestmark = pytest.mark.flow

PDF = "application/pdf"


def _sign_in(stage: Stage, user: User) -> Visitor:
    visitor = Visitor(stage.url)
    assert visitor.sign_in(make_sign_in_link(user=user, actor=None)).status == 200
    return visitor


def _make_fair_with_applications(*, booths: int, applications: int) -> Fair:
    fair = builders.make_fair(FairState.ALLOCATING)
    builders.make_floor_plan(fair, booths=booths)
    for number in range(applications):
        builders.make_application(fair, state=ApplicationState.ELIGIBLE, priority=50 - number)
    return fair


def _wait_for_job(visitor: Visitor, page: Answer) -> None:
    """Ask for the job's part of the page as the page itself does, until it wants to be renewed."""
    [address] = re.findall(r'hx-get="([^"]+)"', page.text)
    wait_until(
        lambda: visitor.get(address).headers["HX-Refresh"] == "true",
        what="the job on the page has ended",
    )
    job = Job.objects.get(token=address.rstrip("/").rpartition("/")[2])
    assert job.state == State.DONE, job.error


def test_organisers_day(stage: Stage) -> None:
    fair = _make_fair_with_applications(booths=10, applications=12)
    organiser = builders.make_organiser(fair)
    link = make_sign_in_link(user=organiser, actor=None)
    desk = f"/desk/fairs/{fair.code}/"

    visitor = Visitor(stage.url)
    assert "account/login" in visitor.get("/desk/").path
    visitor.sign_in(link)
    assert Visitor(stage.url).get(link).status == 404  # used up

    plan = visitor.get("/desk/")
    assert plan.path == f"/desk/plans/{fair.plan.year}/"
    assert f'href="{desk}"' in plan.text
    assert visitor.get(desk).status == 200

    # Booths.
    visitor.get(f"{desk}allocation/")
    _wait_for_job(visitor, visitor.post(f"{desk}allocation/start/"))
    assert "Công bố kết quả" in visitor.get(f"{desk}allocation/").text
    visitor.post(f"{desk}allocation/1/publish/")
    assert _count_by_state(fair) == {"placed": 10, "waiting_list": 2}
    again = visitor.post(f"{desk}allocation/1/publish/")
    assert (again.status, _count_by_state(fair)["placed"]) == (200, 10)

    # Badges: ten producers and the organiser, eight to a page.
    visitor.get(f"{desk}badges/")
    _wait_for_job(visitor, visitor.post(f"{desk}badges/print/", scope="all"))
    printed = visitor.get(f"{desk}badges/sheets/1.pdf")
    assert (printed.status, printed.headers["Content-Type"]) == (200, PDF)
    (stage.folder / "badges.pdf").write_bytes(printed.content)
    pages = read_codes(stage.folder / "badges.pdf")
    tokens = fair.badges.values_list("token", flat=True)
    assert [len(page) for page in pages] == [8, 3]
    addresses = {address for page in pages for address in page}
    assert addresses == {f"{stage.url}/b/{token}" for token in tokens}
    assert {Visitor(stage.url).get(address).status for address in addresses} == {200}

    # A memorandum, from the draft to the verified file.
    memorandum = _draw_up(visitor, fair)
    page = f"/desk/memoranda/{memorandum.code}/"
    visitor.post(f"{page}freeze/")
    for role in SignerRole:
        assert visitor.get(f"{page}file.pdf").status == 404
        sign(visitor, f"/table/{memorandum.code}/", role)
    wait_until(lambda: visitor.get(f"{page}file.pdf").status == 200, what="the PDF is sealed")
    original = visitor.get(f"{page}file.pdf").content
    (stage.folder / "memorandum.pdf").write_bytes(original)
    seal = read_seal(stage.folder / "memorandum.pdf")
    assert "Signature is Valid." in seal
    assert "Total document signed" in seal
    verdict, found = verdict_on(original)
    assert (verdict.word, found) == (Word.ORIGINAL, memorandum)

    # Anybody may check it by the QR on its last page.
    address = read_codes(stage.folder / "memorandum.pdf")[-1][-1]
    assert address == f"{stage.url}/v/{memorandum.code}/".upper()
    public = Visitor(stage.url).get(address)
    assert public.status == 200
    assert "Biên bản thật, đang có hiệu lực." in public.text
    assert list(find_breaks()) == []


def _count_by_state(fair: Fair) -> dict[str, int]:
    states = list(fair.applications.values_list("state", flat=True))
    return {state: states.count(state) for state in sorted(set(states))}


def _draw_up(visitor: Visitor, fair: Fair) -> Memorandum:
    placed = Application.objects.filter(fair=fair, state=ApplicationState.PLACED)[0]
    product, distributor = placed.products.get(), builders.make_distributor()
    new = f"/desk/fairs/{fair.code}/memoranda/new/"
    step = f"{new}?producer={placed.organisation.code}&distributor={distributor.code}"
    page = visitor.get(step).text
    assert product.name in page
    draft = visitor.post(
        step,
        **{
            **{name: said[0] for name, said in answers_of(page.encode()).items()},
            "witness": "Nguyễn Văn Chí",
            "witness_position": "Chánh Văn phòng",
            f"{product.code}-quantity": "1.200",
            f"{product.code}-period": "month",
        },
    )
    memorandum = Memorandum.objects.get()
    assert (draft.status, draft.path) == (200, f"/desk/memoranda/{memorandum.code}/")
    return memorandum


def test_distributors_day(stage: Stage) -> None:
    buyer, other = builders.make_distributor(), builders.make_distributor()
    memorandum, operator = _memorandum_at_the_table(buyer)
    table, page = f"/table/{memorandum.code}/", f"/desk/memoranda/{memorandum.code}/"
    file = f"{page}file.pdf"
    organiser = _sign_in(stage, operator)
    mine = _sign_in(stage, builders.make_representative(buyer))
    theirs = _sign_in(stage, builders.make_representative(other))

    # Whoever has no desk comes to a page of their own, with what is theirs.
    assert mine.get("/desk/").path == "/my/"
    assert memorandum.shown_number in mine.get("/my/").text
    assert memorandum.shown_number not in theirs.get("/my/").text

    # Before the seal there is no paper, and nobody but the office runs the table.
    sign(organiser, table, SignerRole.PARTY_A)
    sign(organiser, table, SignerRole.PARTY_B)
    assert file not in mine.get("/my/").text
    assert [each.get(file).status for each in (mine, theirs, organiser)] == [404, 404, 404]
    assert [mine.get(table).status, theirs.get(table).status] == [403, 404]
    assert mine.post(f"{table}open/", role="witness").status == 403

    sign(organiser, table, SignerRole.WITNESS)
    wait_until(lambda: file in mine.get("/my/").text, what="the sealed paper is on their page")
    opened = mine.get(file)
    assert (opened.status, opened.headers["Content-Type"]) == (200, PDF)
    assert opened.content == memorandum.renditions.get().file.read()
    assert opened.content == organiser.get(file).content
    assert [theirs.get(path).status for path in (file, page)] == [404, 404]
    assert Visitor(stage.url).get(file).headers["Content-Type"] != PDF

    # By the code on the paper everybody sees that it is genuine, the other distributor too.
    public = theirs.get(f"/v/?code={memorandum.code.lower()}")
    assert public.status == 200
    assert "Biên bản thật, đang có hiệu lực." in public.text
    assert theirs.get("/v/XXXX-XXXX/").status == 404


def _memorandum_at_the_table(buyer: Organisation) -> tuple[Memorandum, User]:
    """A frozen memorandum of `buyer`, and the organiser of its fair."""
    memorandum = builders.make_memorandum(distributor=buyer)
    organiser = builders.make_organiser(memorandum.fair)
    return freeze_memorandum(memorandum=memorandum, actor=organiser), organiser
