"""Addresses of the plan, the fairs, their jobs and the public site."""

from django.urls import path

from fairs import views

urlpatterns = [
    path("", views.home, name="home"),
    path("f/<slug:code>/", views.public_fair, name="public_fair"),
    path("desk/", views.desk_home, name="desk_home"),
    path("desk/plans/<int:year>/", views.plan_year, name="plan_year"),
    path("desk/fairs/", views.fair_list, name="fair_list"),
    path("desk/fairs/<slug:code>/", views.fair_overview, name="fair_overview"),
    path("desk/fairs/<slug:code>/move/", views.fair_move, name="fair_move"),
    path("desk/jobs/<str:token>/", views.job, name="job"),
    path("desk/jobs/<str:token>/cancel/", views.job_cancel, name="job_cancel"),
    path("desk/jobs/<str:token>/retry/", views.job_retry, name="job_retry"),
]
