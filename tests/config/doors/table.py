"""Who gets in at each door of ours, and what is pressed there to change something."""

# What each gets, in that order; what is asked for by GET, and what by POST.
EVERYBODY = "200 200 200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200 200 200"
DESK = "302 403 200 200 200 200 200 403"
TEAM = "302 404 200 200 200 404 200 404"
ITS_PEOPLE = "302 404 200 200 200 404 200 200"
ORGANISER = "302 404 403 403 403 404 {} 404"
OPERATOR = "302 404 403 403 403 404 {} 403"
EVIDENCE = "302 404 200 200 200 404 200 403"
ITS_ORGANISER = "302 403 403 403 403 404 {} 403"
REVIEWERS = "302 404 403 302 403 404 302 404"
NOT_SO = "405 405 405 405 405 405 405 405"
AFTER_SIGN_IN = "302 405 405 405 405 405 405 405"
PROGRAMS = "401 200 200 200 200 200 200 200"
WISHES = "401 400 400 400 400 400 400 400"  # a form is no JSON
ITS_PROGRAMS = "401 404 200 200 200 404 200 200"
NOBODY_YET = "302 404 404 404 404 404 404 404"
NOBODY = "404 404 404 404 404 404 404 404"
PLAN = "302 404 200 200 200 200 200 404"
PLANNERS = "302 404 403 403 403 403 403 404"  # of the whole office, and none is here
OFFICE = "302 403 403 403 403 403 403 403"  # of the whole office, strangers told so too
KEEPERS = "302" + " 403" * 7  # the same
OWN = "302 404 404 404 404 404 404 200"
OWN_SAVED = "302 404 404 404 404 404 404 302"
DESK_API = "401 403 200 200 200 200 200 403"
TEAM_API = "401 404 200 200 200 404 200 404"
NO_JSON = "401 400 400 400 400 400 400 400"
UNSEEN = "401 404 428 428 428 404 428 404"  # no If-Match
PLAN_API = "401 404 200 200 200 200 200 404"
DOORS: dict[str, tuple[str, str]] = {
    "home": (EVERYBODY, EVERYBODY),
    "public_fair": (EVERYBODY, EVERYBODY),
    "verify": (EVERYBODY, EVERYBODY),
    "verify_code": (NOBODY, NOBODY),  # not signed by all: nobody's business yet
    "badge_public": (EVERYBODY, EVERYBODY),
    "sign_in_link": (EVERYBODY, "302 302 302 302 302 302 302 302"),
    "my_home": (SIGNED_IN, SIGNED_IN),
    "desk_home": ("302 302 302 302 302 302 302 302", "302 302 302 302 302 302 302 302"),
    **dict.fromkeys(("calendar", "region_calendar", "fair_calendar"), (EVERYBODY, NOT_SO)),
    **dict.fromkeys(("home_card", "public_card", "robots", "sitemap"), (EVERYBODY, NOT_SO)),
    "public_booths": (NOBODY, NOT_SO),  # shown once they are published
    **dict.fromkeys(("public_protocol", "public_protocol_pdf"), (NOBODY, NOT_SO)),  # the same
    "public_protocol_file": (NOBODY, NOT_SO),
    **dict.fromkeys(("plan_year", "plan_list", "plan_month", "plan_week"), (PLAN, PLAN)),
    "plan_export": (PLAN, PLAN),
    "plan_new": ("302" + " 403" * 7, "302" + " 403" * 7),
    **dict.fromkeys(("plan_edit", "plan_import", "plan_template"), (PLANNERS, PLANNERS)),
    **dict.fromkeys(("plan_approve", "plan_reopen", "plan_copy"), (AFTER_SIGN_IN, PLANNERS)),
    "plan_import_confirm": (AFTER_SIGN_IN, PLANNERS),
    "fair_new": (PLANNERS, PLANNERS),
    "series_list": (PLAN, PLAN),
    "series_page": (TEAM, TEAM),
    **dict.fromkeys(("series_new", "series_edit", "series_add"), (PLANNERS, PLANNERS)),
    **dict.fromkeys(("series_leave_out", "series_announce"), (AFTER_SIGN_IN, PLANNERS)),
    "fair_edit": (ORGANISER.format(200), ORGANISER.format(422)),
    "fair_shift": (ORGANISER.format(200), ORGANISER.format(302)),
    **dict.fromkeys(("programme", "programme_sheet"), (TEAM, TEAM)),
    "session_add": (ORGANISER.format(200), ORGANISER.format(302)),
    "session_edit": (ORGANISER.format(200), ORGANISER.format(422)),
    "session_move": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "session_delete": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "stage_list": (ORGANISER.format(200), ORGANISER.format(302)),
    "stage_edit": (ORGANISER.format(200), ORGANISER.format(302)),
    "stage_move": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "stage_delete": (AFTER_SIGN_IN, ORGANISER.format(409)),  # a session stands on it
    **dict.fromkeys(("pavilion_list", "pavilion_page"), (TEAM, TEAM)),
    "pavilion_slips": (ORGANISER.format(200), ORGANISER.format(200)),
    "pavilion_add": (ORGANISER.format(200), ORGANISER.format(302)),
    "pavilion_edit": (ORGANISER.format(200), ORGANISER.format(422)),
    "pavilion_link": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "pavilion_send": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "pavilion_remove": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "my_pavilion": (EVERYBODY, "302 302 302 302 302 302 302 302"),  # whoever has its link
    **dict.fromkeys(("venue_list", "venue_page"), (DESK, DESK)),
    **dict.fromkeys(("venue_picture", "base_plan"), (DESK, AFTER_SIGN_IN)),
    "public_picture": (EVERYBODY, NOT_SO),
    **dict.fromkeys(("venue_new", "venue_edit", "hall_new", "hall_edit"), (OFFICE, OFFICE)),
    **dict.fromkeys(("hall_delete", "base_plan_set"), (AFTER_SIGN_IN, OFFICE)),
    **dict.fromkeys(("picture_add", "picture_delete"), (AFTER_SIGN_IN, OFFICE)),
    **dict.fromkeys(("team_list", "crew_list"), (DESK, OFFICE)),
    **dict.fromkeys(("team_edit", "crew_edit"), (OFFICE, OFFICE)),
    **dict.fromkeys(("team_delete", "crew_delete"), (AFTER_SIGN_IN, OFFICE)),
    "papers": (TEAM, TEAM),
    "paper_add": (ORGANISER.format(200), ORGANISER.format(422)),  # without a file
    "paper_file": (TEAM, TEAM),
    "paper_tick": (ORGANISER.format(200), ORGANISER.format(302)),
    "paper_untick": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "deadlines": (SIGNED_IN, SIGNED_IN),
    "legal_rules": (DESK, DESK),
    **dict.fromkeys(("legal_rule", "legal_item_add", "legal_item"), (KEEPERS, KEEPERS)),
    **dict.fromkeys(
        ("legal_item_move", "legal_item_retire", "legal_item_restore"), (AFTER_SIGN_IN, KEEPERS)
    ),
    **dict.fromkeys(("notice_list", "notice_page"), (TEAM, TEAM)),
    "notice_new": (ORGANISER.format(200), ORGANISER.format(302)),
    "notice_paper": (ORGANISER.format(200), ORGANISER.format(200)),
    "notice_retry": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "unsubscribe": (NOBODY, NOBODY),  # a forged link; true ones are in test_notice_pages
    # Whoever has no desk is led to their own page.
    "fair_list": ("302 302 200 200 200 200 200 302", "302 302 200 200 200 200 200 302"),
    "fair_overview": (TEAM, TEAM),
    "fair_move": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "job": (TEAM, TEAM),
    "job_cancel": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "job_retry": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "organisation_list": (DESK, DESK),
    "organisation_page": (DESK, DESK),
    "application_list": (TEAM, TEAM),
    "application_page": (TEAM, TEAM),
    "application_review": (AFTER_SIGN_IN, REVIEWERS),
    **dict.fromkeys(
        ("application_score", "application_tag", "application_note"), (AFTER_SIGN_IN, REVIEWERS)
    ),
    "review_criteria": (TEAM, ORGANISER.format(302)),
    "priority_formula": (TEAM, ORGANISER.format(422)),  # no points were filled in
    **dict.fromkeys(("decision_list", "decision_page"), (TEAM, AFTER_SIGN_IN)),
    "public_criteria": (EVERYBODY, NOT_SO),
    "application_pins": (ORGANISER.format(200), ORGANISER.format(302)),
    "stand_release": (ORGANISER.format(200), ORGANISER.format(422)),  # no reason was given
    "waiting_list": (TEAM, AFTER_SIGN_IN),
    "waiting_settings": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "waiting_stand": (ORGANISER.format(200), ORGANISER.format(422)),  # the same
    "waiting_answer": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "booth_offer": (EVERYBODY, "302 302 302 302 302 302 302 302"),  # whoever has its link
    "floor_plan": (TEAM, TEAM),
    "floor_plan_edit": (ORGANISER.format(200), AFTER_SIGN_IN),
    "floor_plan_save": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "floor_plan_list": (ORGANISER.format(200), ORGANISER.format(302)),
    **dict.fromkeys(
        ("floor_plan_row", "floor_plan_part"), (ORGANISER.format(200), ORGANISER.format(302))
    ),
    **dict.fromkeys(("floor_plan_versions", "floor_plan_version"), (TEAM, TEAM)),
    **dict.fromkeys(("floor_plan_file", "floor_plan_sheet"), (TEAM, TEAM)),
    "floor_plan_template": (ORGANISER.format(200), ORGANISER.format(200)),
    "floor_plan_import": (ORGANISER.format(200), ORGANISER.format(422)),  # without a file
    "floor_plan_import_confirm": (AFTER_SIGN_IN, ORGANISER.format(409)),
    "floor_plan_restore": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "floor_plan_picture_add": (AFTER_SIGN_IN, ORGANISER.format(422)),  # no picture was sent
    "floor_plan_picture": (TEAM, TEAM),
    "booth_papers": (TEAM, AFTER_SIGN_IN),
    "booth_paper_sheet": (TEAM, AFTER_SIGN_IN),
    "booth_paper": ("302 404 202 202 202 404 202 404", AFTER_SIGN_IN),  # not drawn yet
    "booth_paper_make": (AFTER_SIGN_IN, "302 404 302 302 302 404 302 404"),
    "allocation": (TEAM, TEAM),
    "allocation_start": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "seed_ceremony": (TEAM, ORGANISER.format(422)),  # no numbers were typed in
    **dict.fromkeys(("seed_commit", "seed_reveal"), (AFTER_SIGN_IN, ORGANISER.format(409))),
    "allocation_run": (TEAM, TEAM),
    "allocation_publish": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "allocation_file": (TEAM, TEAM),
    "allocation_move": (ORGANISER.format(200), ORGANISER.format(302)),
    "allocation_move_back": (AFTER_SIGN_IN, ORGANISER.format(409)),  # nothing is moved by hand
    **dict.fromkeys(("allocation_compare", "allocation_compare_sheet"), (TEAM, AFTER_SIGN_IN)),
    "badge_list": (TEAM, TEAM),
    "badge_print": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "badge_revoke": (AFTER_SIGN_IN, ORGANISER.format(302)),
    "badge_sheet": (TEAM, TEAM),
    "fair_memoranda": (TEAM, TEAM),
    "memorandum_create": (ORGANISER.format(200), ORGANISER.format(302)),
    **dict.fromkeys(("wording_page", "wording_preview"), (DESK, DESK)),
    "wording_list": (DESK, "302" + " 403" * 7),
    "wording_edit": ("302" + " 403" * 7, "302" + " 403" * 7),
    **dict.fromkeys(("wording_copy", "wording_retire"), (AFTER_SIGN_IN, "302" + " 403" * 7)),
    "memorandum_list": (SIGNED_IN, SIGNED_IN),
    "memorandum_print": (OPERATOR.format(200), OPERATOR.format(200)),
    "memorandum_paper": (OPERATOR.format(200), OPERATOR.format(422)),
    "memorandum_scan": (NOBODY_YET, NOBODY_YET),
    "memorandum_page": (ITS_PEOPLE, ITS_PEOPLE),
    "memorandum_freeze": (AFTER_SIGN_IN, OPERATOR.format(302)),
    **dict.fromkeys(("memorandum_evidence", "memorandum_evidence_json"), (EVIDENCE, EVIDENCE)),
    "memorandum_ending": (OPERATOR.format(200), OPERATOR.format(200)),
    # Nothing is in force before it is sealed.
    "memorandum_annex": (AFTER_SIGN_IN, OPERATOR.format(409)),
    "memorandum_replace": (AFTER_SIGN_IN, OPERATOR.format(409)),
    "memorandum_terminate": (AFTER_SIGN_IN, OPERATOR.format(422)),
    "memorandum_void": (AFTER_SIGN_IN, OPERATOR.format(302)),
    "memorandum_notice": (OPERATOR.format(404), OPERATOR.format(404)),
    "memorandum_import": (ORGANISER.format(200), ORGANISER.format(422)),
    "memorandum_import_template": (ORGANISER.format(200), ORGANISER.format(200)),
    **dict.fromkeys(
        ("memorandum_import_confirm", "memorandum_import_errors"),
        (AFTER_SIGN_IN, ORGANISER.format(409)),
    ),
    "fair_drafts": (ORGANISER.format(200), ORGANISER.format(302)),
    "booth_cards": (ORGANISER.format(200), ORGANISER.format(200)),
    "memorandum_ask": ("302 403 403 403 403 403 403 403", "302 403 403 403 403 403 403 403"),
    "memorandum_edit": (OPERATOR.format(200), OPERATOR.format(302)),
    "memorandum_reopen": (OPERATOR.format(200), OPERATOR.format(302)),
    "memorandum_discard": (OPERATOR.format(200), OPERATOR.format(302)),
    "follow_up": (EVERYBODY, "302 302 302 302 302 302 302 302"),
    **dict.fromkeys(("follow_up_list", "follow_up_calls", "follow_up_outcomes"), (DESK, DESK)),
    "follow_up_enter": (ITS_ORGANISER.format(200), ITS_ORGANISER.format(302)),
    "copy": (EVERYBODY, EVERYBODY),
    "copy_file": (NOT_SO, EVERYBODY),
    "copy_send": (AFTER_SIGN_IN, OPERATOR.format(302)),
    "copy_slip": (AFTER_SIGN_IN, OPERATOR.format(200)),
    "webhook_list": ("302 403 403 403 403 200 200 403", "302 403 403 403 403 422 422 403"),
    "webhook_rotate": (AFTER_SIGN_IN, ITS_ORGANISER.format(200)),
    "webhook_test": (AFTER_SIGN_IN, ITS_ORGANISER.format(302)),
    "webhook_remove": (AFTER_SIGN_IN, ITS_ORGANISER.format(302)),
    "token_list": (DESK, DESK.replace("200", "422")),
    "token_revoke": (AFTER_SIGN_IN, "302 404 404 404 404 404 302 404"),
    **dict.fromkeys(("register", "register_workbook", "register_paper"), (DESK, DESK)),
    "fair_register": (TEAM, TEAM),
    "verify_log": (EVERYBODY, EVERYBODY),
    **dict.fromkeys(("checkpoint_statement", "checkpoint_signature"), (EVERYBODY, EVERYBODY)),
    "memorandum_file": (NOBODY_YET, NOBODY_YET),
    "table": (OPERATOR.format(200), OPERATOR.format(200)),
    "table_open": (NOT_SO, OPERATOR.format(302)),
    "table_turn": (OPERATOR.format(200), OPERATOR.format(302)),
    "fair_figures": (TEAM, TEAM),
    "fair_visitors": (ORGANISER.format(200), ORGANISER.format(302)),
    "fair_takings": (ORGANISER.format(200), ORGANISER.format(302)),
    "figures_export": (ORGANISER.format(200), ORGANISER.format(200)),
    "livestream_sales": (ORGANISER.format(200), ORGANISER.format(302)),
    "my_takings": (OWN, OWN_SAVED),
    "apply": (SIGNED_IN, "302 409 409 409 409 409 409 409"),  # the fair takes none any more
    "application_enter": ("302 404 403 403 200 404 200 404", "302 404 403 403 409 404 409 404"),
    "application_link": ("302 302 302 302 302 302 302 302", NOT_SO),
    "my_application": (OWN, AFTER_SIGN_IN),
    "my_application_step": (OWN, OWN_SAVED),
    "my_application_withdraw": (AFTER_SIGN_IN, OWN_SAVED),
    "table_decline": (NOT_SO, OPERATOR.format(302)),
    "table_code": (NOT_SO, OPERATOR.format(302)),
    "table_station": (EVERYBODY, EVERYBODY),
    "table_enrol": (EVERYBODY, "302 302 302 302 302 302 302 302"),
    **dict.fromkeys(("table_worker", "table_shell"), (EVERYBODY, NOT_SO)),
    "table_data": ("401 401 401 401 401 401 401 401", NOT_SO),  # for enrolled tablets
    "table_packets": (NOT_SO, "401 401 401 401 401 401 401 401"),
    "packet_decide": (AFTER_SIGN_IN, ORGANISER.format(302)),
    **dict.fromkeys(("wall", "wall_figures"), (EVERYBODY, NOT_SO)),
    **dict.fromkeys(("ceremony_list", "ceremony_page", "ceremony_slips"), (TEAM, TEAM)),
    "ceremony_new": (ORGANISER.format(200), ORGANISER.format(302)),
    "ceremony_edit": (ORGANISER.format(200), ORGANISER.format(302)),
    "device_invitation": (ORGANISER.format(200), ORGANISER.format(200)),
    **dict.fromkeys(
        ("ceremony_close", "ceremony_assign", "ceremony_turn", "device_invite", "device_revoke"),
        (AFTER_SIGN_IN, ORGANISER.format(302)),
    ),
    "my_application_sharing": (OWN, OWN.replace("200", "422")),  # nobody is named
    # Whoever is asked to share the booth of an application at another fair.
    "my_sharing": ("302 403 403 403 403 403 403 200", "302 403 403 403 403 403 403 422"),
    "my_sharing_end": (AFTER_SIGN_IN, "302 403 403 403 403 403 403 302"),
    "set_language": ("302 302 302 302 302 302 302 302", "302 302 302 302 302 302 302 302"),
    "api:api-root": (NOBODY, NOBODY),
    "api:openapi-json": (EVERYBODY, EVERYBODY),
    "api:list_fairs": (EVERYBODY, NOT_SO),
    "api:list_sessions": (EVERYBODY, NOT_SO),
    "api:read_fair": (EVERYBODY, NOT_SO),
    "api:list_plans": ("401 200 200 200 200 200 200 200", NOT_SO),
    "api:read_plan": (PLAN_API, NOT_SO),
    "api:list_venues": (DESK_API, NOT_SO),
    "api:read_venue": (DESK_API, NOT_SO),
    **dict.fromkeys(("api:list_memoranda", "api:create_memorandum"), (PROGRAMS, WISHES)),
    **dict.fromkeys(("api:read_memorandum", "api:change_memorandum"), (ITS_PROGRAMS, NOT_SO)),
    "api:number_memorandum": (NOT_SO, "401 404 400 400 400 404 400 400"),
    "api:list_follow_ups": (PROGRAMS, NOT_SO),
    **dict.fromkeys(("api:read_floor_plan", "api:replace_floor_plan"), (TEAM_API, NOT_SO)),
    **dict.fromkeys(("api:list_floor_plans", "api:read_floor_plan_version"), (TEAM_API, NOT_SO)),
    **dict.fromkeys(("api:read_application", "api:change_application"), (TEAM_API, NOT_SO)),
    **dict.fromkeys(("api:read_run", "api:read_run_file"), (TEAM_API, NOT_SO)),
    **dict.fromkeys(("api:list_applications", "api:create_application"), (TEAM_API, NO_JSON)),
    "api:send_application": (NOT_SO, NO_JSON),
    **dict.fromkeys(("api:list_runs", "api:start_run"), (TEAM_API, UNSEEN)),
    "api:list_assignments": (NOBODY, NOT_SO),  # shown once they are published
    "api:verify_memorandum": (NOBODY, NOT_SO),
}
# What is pressed to change something; `job_retry` leaves alone a job that waits.
CHANGING = frozenset(
    {
        "sign_in_link",
        "fair_move",
        "fair_shift",
        "session_add",
        "session_move",
        "session_delete",
        "stage_list",
        "stage_edit",
        "stage_move",
        "pavilion_add",
        "pavilion_link",
        "pavilion_send",
        "pavilion_remove",
        "my_pavilion",
        "paper_tick",
        "paper_untick",
        "notice_new",
        "notice_retry",
        "job_cancel",
        "application_review",
        "application_score",
        "application_tag",
        "application_note",
        "review_criteria",
        "waiting_settings",
        "waiting_answer",
        "booth_offer",
        "booth_paper_make",
        "floor_plan_save",
        "floor_plan_list",
        "floor_plan_row",
        "floor_plan_part",
        "floor_plan_restore",
        "allocation_start",
        "allocation_publish",
        "allocation_move",
        "application_pins",
        "badge_print",
        "badge_revoke",
        "memorandum_create",
        "memorandum_freeze",
        "memorandum_void",
        "fair_drafts",
        "memorandum_edit",
        "memorandum_reopen",
        "memorandum_discard",
        "table_open",
        "table_turn",
        "table_decline",
        "my_application_step",
        "my_application_withdraw",
        "follow_up",
        "follow_up_enter",
        "copy_file",
        "copy_send",
        "copy_slip",
        "webhook_rotate",
        "webhook_test",
        "webhook_remove",
        "token_revoke",
        "table_code",
        "table_enrol",
        *("ceremony_new", "ceremony_edit", "ceremony_close", "ceremony_assign", "ceremony_turn"),
        *("device_invite", "device_revoke", "packet_decide"),
        "my_sharing_end",
    }
)
# A link is the key: nobody needs to sign in.
LINKS = frozenset(
    {"sign_in_link", "my_pavilion", "follow_up", "copy_file", "table_enrol", "booth_offer"}
)
# What is pressed and shown, or fetched, at once.
SHOWN = frozenset({"copy_file", "copy_slip", "webhook_rotate"})
