"""Addresses of the memoranda, the signing table and the verify page."""

from django.urls import (
    path,
    re_path,
)

from mou.views import (
    asking,
    copies,
    desk,
    drawing,
    endings,
    evidence,
    followup,
    freezing,
    imports,
    own,
    register,
    table,
    verification,
    webhooks,
    wordings,
)

IMPORT = "desk/fairs/<slug:code>/memoranda/import/"
WORDING = "desk/wordings/<slug:code>/<int:version>/"

urlpatterns = [
    path("my/", own.my_home, name="my_home"),
    path("my/memoranda/new/", asking.memorandum_ask, name="memorandum_ask"),
    path("desk/memoranda/", desk.memorandum_list, name="memorandum_list"),
    path("desk/memoranda/<str:code>/", desk.memorandum_page, name="memorandum_page"),
    path("desk/memoranda/<str:code>/freeze/", desk.memorandum_freeze, name="memorandum_freeze"),
    path("desk/memoranda/<str:code>/edit/", drawing.memorandum_edit, name="memorandum_edit"),
    path("desk/memoranda/<str:code>/reopen/", drawing.memorandum_reopen, name="memorandum_reopen"),
    path(
        "desk/memoranda/<str:code>/discard/", drawing.memorandum_discard, name="memorandum_discard"
    ),
    path("desk/memoranda/<str:code>/file.pdf", desk.memorandum_file, name="memorandum_file"),
    path("desk/memoranda/<str:code>/ending/", endings.memorandum_ending, name="memorandum_ending"),
    path("desk/memoranda/<str:code>/annex/", endings.memorandum_annex, name="memorandum_annex"),
    path(
        "desk/memoranda/<str:code>/replace/", endings.memorandum_replace, name="memorandum_replace"
    ),
    path(
        "desk/memoranda/<str:code>/terminate/",
        endings.memorandum_terminate,
        name="memorandum_terminate",
    ),
    path("desk/memoranda/<str:code>/void/", endings.memorandum_void, name="memorandum_void"),
    path(
        "desk/memoranda/<str:code>/notice.pdf", endings.memorandum_notice, name="memorandum_notice"
    ),
    path(
        "desk/memoranda/<str:code>/evidence.pdf",
        evidence.memorandum_evidence,
        name="memorandum_evidence",
    ),
    path(
        "desk/memoranda/<str:code>/evidence.json",
        evidence.memorandum_evidence_json,
        name="memorandum_evidence_json",
    ),
    path("desk/register/", register.register, name="register"),
    path("desk/register/register.xlsx", register.register_workbook, name="register_workbook"),
    path("desk/register/register.pdf", register.register_paper, name="register_paper"),
    path("desk/fairs/<slug:code>/register/", register.register, name="fair_register"),
    path("desk/fairs/<slug:code>/memoranda/", desk.fair_memoranda, name="fair_memoranda"),
    path(
        "desk/fairs/<slug:code>/memoranda/new/", drawing.memorandum_create, name="memorandum_create"
    ),
    path(IMPORT, imports.memorandum_import, name="memorandum_import"),
    path(IMPORT + "confirm/", imports.memorandum_import_confirm, name="memorandum_import_confirm"),
    path(IMPORT + "mistakes/", imports.memorandum_import_errors, name="memorandum_import_errors"),
    path(
        IMPORT + "template.xlsx",
        imports.memorandum_import_template,
        name="memorandum_import_template",
    ),
    path("desk/fairs/<slug:code>/memoranda/drafts/", freezing.fair_drafts, name="fair_drafts"),
    path("desk/fairs/<slug:code>/memoranda/booths/", asking.booth_cards, name="booth_cards"),
    path("desk/wordings/", wordings.wording_list, name="wording_list"),
    path(WORDING, wordings.wording_page, name="wording_page"),
    path(WORDING + "edit/", wordings.wording_edit, name="wording_edit"),
    path(WORDING + "copy/", wordings.wording_copy, name="wording_copy"),
    path(WORDING + "retire/", wordings.wording_retire, name="wording_retire"),
    path(WORDING + "preview.pdf", wordings.wording_preview, name="wording_preview"),
    path("table/<str:code>/", table.table, name="table"),
    path("table/<str:code>/open/", table.table_open, name="table_open"),
    path("table/<str:code>/<str:token>/", table.table_turn, name="table_turn"),
    path("table/<str:code>/<str:token>/decline/", table.table_decline, name="table_decline"),
    path("v/", verification.verify, name="verify"),
    path("v/log/", register.verify_log, name="verify_log"),
    path(
        "v/log/<slug:code>/<int:number>.json",
        register.checkpoint_statement,
        name="checkpoint_statement",
    ),
    path(
        "v/log/<slug:code>/<int:number>.p7s",
        register.checkpoint_signature,
        name="checkpoint_signature",
    ),
    path("v/<str:code>/", verification.verify_code, name="verify_code"),
    re_path(r"^V/(?P<code>[^/]{1,40})/?$", verification.verify_code),
    path("c/<str:token>/", copies.copy, name="copy"),
    path("c/<str:token>/file.pdf", copies.copy_file, name="copy_file"),
    path("desk/memoranda/<str:code>/copies/<str:side>/", copies.copy_slip, name="copy_slip"),
    path("desk/memoranda/<str:code>/copies/<str:side>/send/", copies.copy_send, name="copy_send"),
    path("m/<str:token>/", followup.follow_up, name="follow_up"),
    path("desk/follow-ups/", followup.follow_up_list, name="follow_up_list"),
    path("desk/follow-ups/calls/", followup.follow_up_calls, name="follow_up_calls"),
    path("desk/follow-ups/outcomes/", followup.follow_up_outcomes, name="follow_up_outcomes"),
    path("desk/follow-ups/<int:number>/", followup.follow_up_enter, name="follow_up_enter"),
    path("desk/webhooks/", webhooks.webhook_list, name="webhook_list"),
    path("desk/webhooks/<int:number>/rotate/", webhooks.webhook_rotate, name="webhook_rotate"),
    path("desk/webhooks/<int:number>/test/", webhooks.webhook_test, name="webhook_test"),
    path("desk/webhooks/<int:number>/remove/", webhooks.webhook_remove, name="webhook_remove"),
]
