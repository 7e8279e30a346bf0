"""What the scene holds of the plan, the fair and its venue."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from fairs.actions.notices import NoticeContent, send_notice
from fairs.actions.papers import Paper, upload_document
from fairs.actions.venues import add_picture, set_base_plan
from fairs.models import (
    ChecklistTick,
    Crew,
    Fair,
    Pavilion,
    Series,
    Session,
    SessionKind,
    Stage,
    Team,
)
from fairs.queries.notices import Audience
from fairs.states import DeliveryState
from registry.models import PlaceKind
from tests import builders
from tests.config.doors.corner import Corner

PLANNING = (
    *("plan_year", "plan_list", "plan_edit", "plan_approve", "plan_reopen", "plan_copy"),
    *("plan_export", "plan_template", "plan_import", "plan_import_confirm", "fair_new"),
    *("series_list", "series_new"),
    "api:read_plan",
)
OF_SERIES = ("series_page", "series_edit", "series_add", "series_leave_out", "series_announce")


def furnish(fair: Fair, organiser: User) -> Iterator[Corner]:
    """All that an organiser of `fair` can have done before its booths are given."""
    yield _plan(fair)
    yield _programme(fair)
    yield _livestream(fair)
    yield _pavilions(fair)
    yield _venue(fair)
    yield _teams()
    yield _papers(fair, organiser)
    yield _notices(fair, organiser)


def _opens(fair: Fair) -> datetime:
    return datetime.combine(fair.first_day, time(8), timezone.get_current_timezone())


def _plan(fair: Fair) -> Corner:
    series = Series.objects.create(code="cho-dem", kind=fair.kind, title="Chợ đêm trên mây")
    Fair.objects.filter(pk=fair.pk).update(series=series)
    year = {"year": fair.first_day.year}
    return Corner(
        places={
            **dict.fromkeys(PLANNING, year),
            **{name: {**year, "code": series.code} for name in OF_SERIES},
            "plan_month": {**year, "month": 12},
            "plan_week": {**year, "week": 50},
            "region_calendar": {"region": "red_river_delta"},
        },
        forms={
            "fair_move": {"to": "published"},
            "fair_shift": {
                "first_day": f"{fair.first_day + timedelta(days=7):%d/%m/%Y}",
                "version": 1,
            },
        },
    )


def _programme(fair: Fair) -> Corner:
    stage, _second = [Stage.objects.create(fair=fair, name=name) for name in ("Một", "Hai")]
    opens = _opens(fair)
    session = Session.objects.create(
        fair=fair,
        stage=stage,
        kind=SessionKind.OPENING,
        title="Khai mạc",
        starts_at=opens,
        ends_at=opens + timedelta(hours=1),
    )
    here = {"code": fair.code}
    verbs = ("edit", "move", "delete")
    return Corner(
        places={
            **{f"session_{verb}": {**here, "number": session.pk} for verb in verbs},
            **{f"stage_{verb}": {**here, "number": stage.pk} for verb in verbs},
        },
        forms={
            "stage_list": {"name": "Ba"},
            "stage_edit": {"name": "Sân khấu chính"},
            "stage_move": {"direction": "down"},
            "session_add": {
                "kind": "closing",
                "stage": stage.pk,
                "title": "Bế mạc",
                "starts_at": f"{opens + timedelta(hours=2):%Y-%m-%dT%H:%M}",
                "ends_at": f"{opens + timedelta(hours=3):%Y-%m-%dT%H:%M}",
            },
            "session_move": {
                "version": 1,
                "starts_at": f"{opens + timedelta(hours=4):%Y-%m-%dT%H:%M}",
            },
            "session_delete": {"version": 1},
        },
    )


def _livestream(fair: Fair) -> Corner:
    opens = _opens(fair)
    livestream = Session.objects.create(
        fair=fair,
        stage=fair.stages.get(name="Một"),
        kind=SessionKind.LIVESTREAM,
        title="Phiên trực tiếp",
        starts_at=opens + timedelta(hours=6),
        ends_at=opens + timedelta(hours=7),
    )
    livestream.products.add(builders.make_product())
    return Corner({"livestream_sales": {"code": fair.code, "number": livestream.pk}})


def _pavilions(fair: Fair) -> Corner:
    guest, invited = (
        builders.make_place(code=code, name=code, kind=PlaceKind.PROVINCE) for code in ("LC", "SL")
    )
    opens = _opens(fair)
    pavilion = Pavilion.objects.create(
        fair=fair, place=guest, booth_count=2, fill_in_until=opens, email="lai@chau.example"
    )
    return Corner(
        places={
            **{
                f"pavilion_{verb}": {"code": fair.code, "number": pavilion.pk}
                for verb in ("page", "edit", "link", "send", "remove")
            },
            "my_pavilion": {"token": pavilion.token},
        },
        forms={
            "pavilion_add": {
                "place": invited.pk,
                "booth_count": 3,
                "fill_in_until": f"{opens:%Y-%m-%dT%H:%M}",
            },
            "pavilion_link": {"version": 1},
            "pavilion_send": {"version": 1},
            "pavilion_remove": {"reason": "Tỉnh báo bận"},
            "my_pavilion": {"seen": "{}", "name_1": "Hộ Lò Văn Sơn", "products_1": "Gạo séng cù"},
        },
    )


def _venue(fair: Fair) -> Corner:
    assert fair.venue
    hall = set_base_plan(
        hall=builders.make_hall(fair.venue),
        version=1,
        content=builders.draw_picture(),
        media_type="image/webp",
        actor=None,
    )
    picture = add_picture(venue=fair.venue, content=builders.draw_picture(), actor=None)
    in_venue = {"code": fair.venue.code}
    in_hall = {**in_venue, "number": hall.pk}
    pictured = {**in_venue, "digest": picture.file.sha256}
    return Corner(
        {
            **dict.fromkeys(("venue_page", "venue_edit", "hall_new", "picture_add"), in_venue),
            **dict.fromkeys(("hall_edit", "hall_delete", "base_plan", "base_plan_set"), in_hall),
            **dict.fromkeys(("venue_picture", "public_picture", "picture_delete"), pictured),
            "api:read_venue": in_venue,
        }
    )


def _teams() -> Corner:
    team, crew = Team.objects.create(name="Tổ 1"), Crew.objects.create(name="Phường rối nước")
    return Corner(
        {
            **{f"team_{verb}": {"number": team.pk} for verb in ("edit", "delete")},
            **{f"crew_{verb}": {"number": crew.pk} for verb in ("edit", "delete")},
        }
    )


def _papers(fair: Fair, organiser: User) -> Corner:
    rule = builders.make_rule(fair.legal_basis)
    items = [builders.make_item(rule, needs_document=False) for _each in range(3)]
    retired = builders.make_item(rule, retired_at=timezone.now())
    ChecklistTick.objects.create(fair=fair, item=items[1])
    content = b"%PDF-1.7\n%%EOF"
    paper = upload_document(
        fair=fair, paper=Paper("Quyết định", "", None, "qd.pdf", content), actor=organiser
    )
    here = {"code": fair.code}
    return Corner(
        places={
            "paper_file": {**here, "number": paper.pk},
            "paper_tick": {**here, "number": items[0].pk},
            "paper_untick": {**here, "number": items[1].pk},
            **{name: {"basis": rule.basis} for name in ("legal_rule", "legal_item_add")},
            **{
                f"legal_item{verb}": {"basis": rule.basis, "number": items[2].pk}
                for verb in ("", "_move", "_retire")
            },
            "legal_item_restore": {"basis": rule.basis, "number": retired.pk},
        },
        forms={"paper_add": {"title": "Phương án"}, "paper_tick": {"note": "Đã có"}},
    )


def _notices(fair: Fair, organiser: User) -> Corner:
    told = NoticeContent(subject="Mời", body="Xin mời.", audience=Audience())
    notice = send_notice(fair=fair, number=1, content=told, actor=organiser)
    notice.deliveries.update(state=DeliveryState.FAILED, error="550")
    reader = fair.applications.get(code="DK-1").organisation
    return Corner(
        places={
            **{
                f"notice_{page}": {"code": fair.code, "number": 1}
                for page in ("page", "paper", "retry")
            },
            "unsubscribe": {"signed": f"{reader.code}:gia-mao"},
        },
        forms={
            "notice_new": {
                "step": "send",
                "number": 2,
                "who": "every",
                "subject": "Mời",
                "body": "Xin mời.",
            },
        },
    )
