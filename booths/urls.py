"""Addresses of a fair's applications, floor plan, allocation and takings."""

from django.urls import path

from booths import views
from booths.views import (
    apply,
    compare,
    floor_editor,
    floor_import,
    floor_list,
    judging,
    moves,
    offer,
    papers,
    pins,
    protocol,
    review,
    seed,
    sharing,
    waiting,
)

FAIR = "desk/fairs/<slug:code>/"
PLAN = FAIR + "floor-plan/"

urlpatterns = [
    path("f/<slug:code>/booths/", views.public_booths, name="public_booths"),
    path("f/<slug:code>/criteria/", judging.public_criteria, name="public_criteria"),
    path("f/<slug:code>/protocol/", protocol.public_protocol, name="public_protocol"),
    path(
        "f/<slug:code>/protocol/protocol.pdf",
        protocol.public_protocol_pdf,
        name="public_protocol_pdf",
    ),
    path(
        "f/<slug:code>/protocol/<str:name>.json",
        protocol.public_protocol_file,
        name="public_protocol_file",
    ),
    path(FAIR + "applications/", views.application_list, name="application_list"),
    path(FAIR + "applications/enter/", apply.application_enter, name="application_enter"),
    path(FAIR + "applications/review/", views.application_review, name="application_review"),
    path(FAIR + "applications/criteria/", judging.review_criteria, name="review_criteria"),
    path(FAIR + "applications/priority/", judging.priority_formula, name="priority_formula"),
    path(FAIR + "applications/decisions/", review.decision_list, name="decision_list"),
    path(FAIR + "applications/decisions/<int:number>/", review.decision_page, name="decision_page"),
    path(
        FAIR + "applications/<str:application>/places/",
        pins.application_pins,
        name="application_pins",
    ),
    path(FAIR + "applications/<str:application>/", views.application_page, name="application_page"),
    path(
        FAIR + "applications/<str:application>/score/",
        review.application_score,
        name="application_score",
    ),
    path(
        FAIR + "applications/<str:application>/tag/", review.application_tag, name="application_tag"
    ),
    path(
        FAIR + "applications/<str:application>/note/",
        review.application_note,
        name="application_note",
    ),
    path(
        FAIR + "applications/<str:application>/release/",
        waiting.stand_release,
        name="stand_release",
    ),
    path(FAIR + "waiting-list/", waiting.waiting_list, name="waiting_list"),
    path(FAIR + "waiting-list/settings/", waiting.waiting_settings, name="waiting_settings"),
    path(FAIR + "waiting-list/<str:application>/", waiting.waiting_stand, name="waiting_stand"),
    path(
        FAIR + "waiting-list/<str:application>/answer/",
        waiting.waiting_answer,
        name="waiting_answer",
    ),
    path(FAIR + "floor-plan/", views.floor_plan, name="floor_plan"),
    path(PLAN + "edit/", floor_editor.floor_plan_edit, name="floor_plan_edit"),
    path(PLAN + "save/", floor_editor.floor_plan_save, name="floor_plan_save"),
    path(PLAN + "list/", floor_list.floor_plan_list, name="floor_plan_list"),
    path(PLAN + "rows/add/", floor_list.floor_plan_row, name="floor_plan_row"),
    path(PLAN + "<str:kind>/<str:key>/edit/", floor_list.floor_plan_part, name="floor_plan_part"),
    path(PLAN + "versions/", floor_editor.floor_plan_versions, name="floor_plan_versions"),
    path(
        PLAN + "versions/<int:version>/", floor_editor.floor_plan_version, name="floor_plan_version"
    ),
    path(
        PLAN + "versions/<int:version>/restore/",
        floor_editor.floor_plan_restore,
        name="floor_plan_restore",
    ),
    path(
        PLAN + "versions/<int:version>/plan.xlsx",
        floor_import.floor_plan_sheet,
        name="floor_plan_sheet",
    ),
    path(PLAN + "booths.xlsx", floor_import.floor_plan_template, name="floor_plan_template"),
    path(PLAN + "import/", floor_import.floor_plan_import, name="floor_plan_import"),
    path(
        PLAN + "import/confirm/",
        floor_import.floor_plan_import_confirm,
        name="floor_plan_import_confirm",
    ),
    path(
        PLAN + "versions/<int:version>/plan.<str:ending>",
        floor_editor.floor_plan_file,
        name="floor_plan_file",
    ),
    path(PLAN + "pictures/", floor_editor.floor_plan_picture_add, name="floor_plan_picture_add"),
    path(
        PLAN + "pictures/<int:number>/", floor_editor.floor_plan_picture, name="floor_plan_picture"
    ),
    path(FAIR + "booth-papers/", papers.booth_papers, name="booth_papers"),
    path(FAIR + "booth-papers/<slug:name>/make/", papers.booth_paper_make, name="booth_paper_make"),
    path(FAIR + "booth-papers/<str:name>.pdf", papers.booth_paper, name="booth_paper"),
    path(FAIR + "booth-papers/<str:name>.xlsx", papers.booth_paper_sheet, name="booth_paper_sheet"),
    path(FAIR + "allocation/", views.allocation, name="allocation"),
    path(FAIR + "allocation/start/", views.allocation_start, name="allocation_start"),
    path(FAIR + "allocation/seed/", seed.seed_ceremony, name="seed_ceremony"),
    path(FAIR + "allocation/seed/commit/", seed.seed_commit, name="seed_commit"),
    path(FAIR + "allocation/seed/reveal/", seed.seed_reveal, name="seed_reveal"),
    path(FAIR + "allocation/compare/", compare.allocation_compare, name="allocation_compare"),
    path(
        FAIR + "allocation/compare/runs.xlsx",
        compare.allocation_compare_sheet,
        name="allocation_compare_sheet",
    ),
    path(FAIR + "allocation/<int:number>/move/", moves.allocation_move, name="allocation_move"),
    path(
        FAIR + "allocation/<int:number>/move/back/",
        moves.allocation_move_back,
        name="allocation_move_back",
    ),
    path(FAIR + "allocation/<int:number>/", views.allocation_run, name="allocation_run"),
    path(
        FAIR + "allocation/<int:number>/publish/",
        views.allocation_publish,
        name="allocation_publish",
    ),
    path(
        FAIR + "allocation/<int:number>/<str:name>.json",
        views.allocation_file,
        name="allocation_file",
    ),
    path(FAIR + "figures/", views.fair_figures, name="fair_figures"),
    path(FAIR + "figures/figures.xlsx", views.figures_export, name="figures_export"),
    path(FAIR + "figures/stands/<str:application>/", views.fair_takings, name="fair_takings"),
    path("f/<slug:code>/apply/", apply.apply, name="apply"),
    path("o/<str:token>/", offer.booth_offer, name="booth_offer"),
    path("a/<str:token>/", apply.application_link, name="application_link"),
    path("my/applications/<str:application>/", apply.my_application_page, name="my_application"),
    path(
        "my/applications/<str:application>/withdraw/",
        apply.my_application_withdraw,
        name="my_application_withdraw",
    ),
    path(
        "my/applications/<str:application>/sharing/",
        sharing.my_application_sharing,
        name="my_application_sharing",
    ),
    path("my/sharing/<str:token>/", sharing.my_sharing, name="my_sharing"),
    path("my/sharing/<str:token>/end/", sharing.my_sharing_end, name="my_sharing_end"),
    path(
        "my/applications/<str:application>/<str:step>/",
        apply.my_application_step,
        name="my_application_step",
    ),
    path("my/takings/<str:application>/", views.my_takings, name="my_takings"),
]
