"""Addresses of the organisations."""

from django.urls import path

from registry import views

urlpatterns = [
    path("desk/organisations/", views.organisation_list, name="organisation_list"),
    path("desk/organisations/<str:code>/", views.organisation_page, name="organisation_page"),
]
