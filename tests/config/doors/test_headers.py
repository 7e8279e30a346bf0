"""What every page tells the browser: what it may load, where it may be shown, what it may use."""

import pytest

from tests.config.doors.scene import OURS, Scene, undone
from tests.pages import find_inline

pytestmark = pytest.mark.django_db

NO_PAGES = frozenset(
    {
        "allocation_compare_sheet",
        "allocation_file",
        "badge_sheet",
        "paper_file",
        "floor_plan_picture",
        "memorandum_file",
        "plan_export",
        "plan_template",
        "calendar",
        "region_calendar",
        "fair_calendar",
        "home_card",
        "public_card",
        "robots",
        "sitemap",
        "venue_picture",
        "public_picture",
        "base_plan",
        "register_workbook",
        "register_paper",
        "checkpoint_statement",
        "checkpoint_signature",
        "figures_export",
        "memorandum_notice",
        "memorandum_evidence",
        "memorandum_evidence_json",
        "booth_paper",
        "booth_paper_sheet",
        "public_protocol_file",
        "public_protocol_pdf",
        "wording_preview",
        "memorandum_import_template",
        "copy_file",
        "table_worker",
        "table_data",
        "table_packets",
        "memorandum_print",
    }
)


@pytest.mark.parametrize("name", sorted({*OURS} - NO_PAGES))
def test_a_page_holds_no_inline_style_or_script_and_asks_nobody_else(
    scene: Scene, name: str
) -> None:
    with undone():
        for who in ("anonymous", "organiser", "party"):
            answer = scene.browser(who).get(scene.addresses[name])
            policy = answer.headers["Content-Security-Policy"]
            assert ("unsafe" in policy, "default-src 'none'" in policy) == (False, True)
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] in {"same-origin", "strict-origin"}
            camera = "(self)" if scene.addresses[name].startswith("/table/") else "()"
            allowed = f"camera={camera}, geolocation=(), microphone=()"
            assert answer.headers["Permissions-Policy"] == allowed
            if answer.headers["Content-Type"].startswith("text/html"):
                assert find_inline(answer.content.decode()) == []
