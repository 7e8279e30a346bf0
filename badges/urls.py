"""Addresses of the badges and of the page that their QR leads to."""

from django.urls import path, re_path

from badges import views

urlpatterns = [
    path("desk/fairs/<slug:code>/badges/", views.badge_list, name="badge_list"),
    path("desk/fairs/<slug:code>/badges/print/", views.badge_print, name="badge_print"),
    path(
        "desk/fairs/<slug:code>/badges/<str:badge>/revoke/",
        views.badge_revoke,
        name="badge_revoke",
    ),
    path(
        "desk/fairs/<slug:code>/badges/sheets/<int:number>.pdf",
        views.badge_sheet,
        name="badge_sheet",
    ),
    # The QR holds the shorter form.
    re_path(r"^b/(?P<token>[\w-]{1,64})/?$", views.badge_public, name="badge_public"),
]
