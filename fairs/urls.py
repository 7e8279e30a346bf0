"""Addresses of the plan, the fairs, their jobs and the public site."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from fairs.views import (
    desk,
    editing,
    figures,
    legal,
    notices,
    papers,
    pavilions,
    planner,
    plans,
    programme,
    public,
    public_feeds,
    series,
)
from fairs.views import teams as team_views
from fairs.views import venues as venue_views


class YearConverter(IntConverter):
    """A year of four digits."""

    regex = "[12][0-9]{3}"


class TwoConverter(IntConverter):
    """A number of at most two digits: a month, a week."""

    regex = "[0-9]{1,2}"


register_converter(YearConverter, "year")
register_converter(TwoConverter, "two")

FAIR = "desk/fairs/<slug:code>/"
SESSION = FAIR + "programme/<int:number>/"
STAGE = FAIR + "programme/stages/<int:number>/"
PAVILION = FAIR + "pavilions/<int:number>/"
NOTICE = FAIR + "notices/<int:number>/"
YEAR = "desk/plans/<year:year>/"
SERIES = YEAR + "series/<slug:code>/"
VENUE = "desk/venues/<slug:code>/"
HALL = VENUE + "halls/<int:number>/"
PICTURE = VENUE + "pictures/<str:digest>/"
LEGAL_ITEM = "desk/legal/<slug:basis>/items/<int:number>/"

# What anybody reads.
PUBLIC = [
    path("", public.home, name="home"),
    path("card.png", public_feeds.home_card, name="home_card"),
    path("robots.txt", public_feeds.robots, name="robots"),
    path("sitemap.xml", public_feeds.sitemap, name="sitemap"),
    path("calendar.ics", public_feeds.calendar, name="calendar"),
    path("calendar/<str:region>.ics", public_feeds.region_calendar, name="region_calendar"),
    path("f/<slug:code>.ics", public_feeds.fair_calendar, name="fair_calendar"),
    path("f/<slug:code>/", public.public_fair, name="public_fair"),
    path("f/<slug:code>/card.png", public_feeds.card, name="public_card"),
]

# The plan and its series.
PLAN = [
    path("desk/", desk.desk_home, name="desk_home"),
    path(YEAR, planner.plan_year, name="plan_year"),
    path(YEAR + "months/<two:month>/", planner.plan_month, name="plan_month"),
    path(YEAR + "weeks/<two:week>/", planner.plan_week, name="plan_week"),
    path(YEAR + "list/", planner.plan_list, name="plan_list"),
    path("desk/plans/new/", plans.plan_new, name="plan_new"),
    path(YEAR + "edit/", plans.plan_edit, name="plan_edit"),
    path(YEAR + "approve/", plans.plan_approve, name="plan_approve"),
    path(YEAR + "reopen/", plans.plan_reopen, name="plan_reopen"),
    path(YEAR + "copy/", plans.plan_copy, name="plan_copy"),
    path(YEAR + "fairs/new/", editing.fair_new, name="fair_new"),
    path(YEAR + "plan.xlsx", plans.plan_export, name="plan_export"),
    path(YEAR + "template.xlsx", plans.plan_template, name="plan_template"),
    path(YEAR + "import/", plans.plan_import, name="plan_import"),
    path(YEAR + "import/confirm/", plans.plan_import_confirm, name="plan_import_confirm"),
    path(YEAR + "series/", series.series_list, name="series_list"),
    path(YEAR + "series/new/", series.series_new, name="series_new"),
    path(SERIES, series.series_page, name="series_page"),
    path(SERIES + "edit/", series.series_edit, name="series_edit"),
    path(SERIES + "add/", series.series_add, name="series_add"),
    path(SERIES + "leave-out/", series.series_leave_out, name="series_leave_out"),
    path(SERIES + "announce/", series.series_announce, name="series_announce"),
]

# The fairs and their jobs.
FAIRS = [
    path("desk/fairs/", desk.fair_list, name="fair_list"),
    path(FAIR, desk.fair_overview, name="fair_overview"),
    path(FAIR + "edit/", editing.fair_edit, name="fair_edit"),
    path(FAIR + "move/", desk.fair_move, name="fair_move"),
    path(FAIR + "shift/", planner.fair_shift, name="fair_shift"),
    path("desk/jobs/<str:token>/", desk.job, name="job"),
    path("desk/jobs/<str:token>/cancel/", desk.job_cancel, name="job_cancel"),
    path("desk/jobs/<str:token>/retry/", desk.job_retry, name="job_retry"),
]

# The programme of a fair.
PROGRAMME = [
    path(FAIR + "programme/", programme.programme, name="programme"),
    path(FAIR + "programme/sheet/", programme.programme_sheet, name="programme_sheet"),
    path(FAIR + "programme/add/", programme.session_add, name="session_add"),
    path(FAIR + "programme/stages/", programme.stage_list, name="stage_list"),
    path(STAGE, programme.stage_edit, name="stage_edit"),
    path(STAGE + "move/", programme.stage_move, name="stage_move"),
    path(STAGE + "delete/", programme.stage_delete, name="stage_delete"),
    path(SESSION, programme.session_edit, name="session_edit"),
    path(SESSION + "move/", programme.session_move, name="session_move"),
    path(SESSION + "delete/", programme.session_delete, name="session_delete"),
]

# Guest provinces, at the desk and by their own link.
GUESTS = [
    path(FAIR + "pavilions/", pavilions.pavilion_list, name="pavilion_list"),
    path(FAIR + "pavilions/add/", pavilions.pavilion_add, name="pavilion_add"),
    path(FAIR + "pavilions/slips/", pavilions.pavilion_slips, name="pavilion_slips"),
    path(PAVILION, pavilions.pavilion_page, name="pavilion_page"),
    path(PAVILION + "edit/", pavilions.pavilion_edit, name="pavilion_edit"),
    path(PAVILION + "link/", pavilions.pavilion_link, name="pavilion_link"),
    path(PAVILION + "send/", pavilions.pavilion_send, name="pavilion_send"),
    path(PAVILION + "remove/", pavilions.pavilion_remove, name="pavilion_remove"),
    path("my/pavilions/<slug:token>/", pavilions.my_pavilion, name="my_pavilion"),
]

# Venues with their halls and pictures, teams and crews.
VENUES = [
    path(
        "venues/<slug:code>/pictures/<str:digest>/",
        venue_views.public_picture,
        name="public_picture",
    ),
    path("desk/venues/", venue_views.venue_list, name="venue_list"),
    path("desk/venues/new/", venue_views.venue_new, name="venue_new"),
    path(VENUE, venue_views.venue_page, name="venue_page"),
    path(VENUE + "edit/", venue_views.venue_edit, name="venue_edit"),
    path(VENUE + "pictures/", venue_views.picture_add, name="picture_add"),
    path(PICTURE, venue_views.venue_picture, name="venue_picture"),
    path(PICTURE + "delete/", venue_views.picture_delete, name="picture_delete"),
    path(VENUE + "halls/new/", venue_views.hall_new, name="hall_new"),
    path(HALL, venue_views.hall_edit, name="hall_edit"),
    path(HALL + "delete/", venue_views.hall_delete, name="hall_delete"),
    path(HALL + "plan/", venue_views.base_plan, name="base_plan"),
    path(HALL + "plan/set/", venue_views.base_plan_set, name="base_plan_set"),
    path("desk/teams/", team_views.team_list, name="team_list"),
    path("desk/teams/<int:number>/", team_views.team_edit, name="team_edit"),
    path("desk/teams/<int:number>/delete/", team_views.team_delete, name="team_delete"),
    path("desk/crews/", team_views.crew_list, name="crew_list"),
    path("desk/crews/<int:number>/", team_views.crew_edit, name="crew_edit"),
    path("desk/crews/<int:number>/delete/", team_views.crew_delete, name="crew_delete"),
]

# Papers of a fair, and what each legal basis asks for.
LEGAL = [
    path(FAIR + "papers/", papers.papers, name="papers"),
    path(FAIR + "papers/add/", papers.paper_add, name="paper_add"),
    path(FAIR + "papers/<int:number>/file/", papers.paper_file, name="paper_file"),
    path(FAIR + "papers/items/<int:number>/tick/", papers.paper_tick, name="paper_tick"),
    path(FAIR + "papers/items/<int:number>/untick/", papers.paper_untick, name="paper_untick"),
    path("desk/deadlines/", legal.deadlines, name="deadlines"),
    path("desk/legal/", legal.legal_rules, name="legal_rules"),
    path("desk/legal/<slug:basis>/", legal.legal_rule, name="legal_rule"),
    path("desk/legal/<slug:basis>/items/add/", legal.legal_item_add, name="legal_item_add"),
    path(LEGAL_ITEM, legal.legal_item, name="legal_item"),
    path(LEGAL_ITEM + "move/", legal.legal_item_move, name="legal_item_move"),
    path(LEGAL_ITEM + "retire/", legal.legal_item_retire, name="legal_item_retire"),
    path(LEGAL_ITEM + "restore/", legal.legal_item_restore, name="legal_item_restore"),
]

# Notices to producers.
NOTICES = [
    path(FAIR + "notices/", notices.notice_list, name="notice_list"),
    path(FAIR + "notices/new/", notices.notice_new, name="notice_new"),
    path(NOTICE, notices.notice_page, name="notice_page"),
    path(NOTICE + "retry/", notices.notice_retry, name="notice_retry"),
    path(NOTICE + "paper/", notices.notice_paper, name="notice_paper"),
    path("unsubscribe/<str:signed>/", notices.unsubscribe, name="unsubscribe"),
]

# What a fair brought.
FIGURES = [
    path(FAIR + "figures/visitors/", figures.fair_visitors, name="fair_visitors"),
    path(
        FAIR + "figures/livestreams/<int:number>/",
        figures.livestream_sales,
        name="livestream_sales",
    ),
]

urlpatterns = [*PUBLIC, *PLAN, *FAIRS, *PROGRAMME, *GUESTS, *VENUES, *LEGAL, *NOTICES, *FIGURES]
