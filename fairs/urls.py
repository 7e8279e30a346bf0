"""Addresses of the plan, the fairs, their jobs and the public site."""

from django.urls import path

from fairs.views import desk, public

urlpatterns = [
    path("", public.home, name="home"),
    path("f/<slug:code>/", public.public_fair, name="public_fair"),
    path("desk/", desk.desk_home, name="desk_home"),
    path("desk/plans/<int:year>/", desk.plan_year, name="plan_year"),
    path("desk/fairs/", desk.fair_list, name="fair_list"),
    path("desk/fairs/<slug:code>/", desk.fair_overview, name="fair_overview"),
    path("desk/fairs/<slug:code>/move/", desk.fair_move, name="fair_move"),
    path("desk/jobs/<str:token>/", desk.job, name="job"),
    path("desk/jobs/<str:token>/cancel/", desk.job_cancel, name="job_cancel"),
    path("desk/jobs/<str:token>/retry/", desk.job_retry, name="job_retry"),
]
