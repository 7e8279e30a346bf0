"""Addresses of the memoranda, the signing table and the verify page."""

from django.urls import path, re_path

from mou import views

urlpatterns = [
    path("my/", views.my_home, name="my_home"),
    path("desk/memoranda/", views.memorandum_list, name="memorandum_list"),
    path("desk/memoranda/<str:code>/", views.memorandum_page, name="memorandum_page"),
    path("desk/memoranda/<str:code>/freeze/", views.memorandum_freeze, name="memorandum_freeze"),
    path("desk/memoranda/<str:code>/file.pdf", views.memorandum_file, name="memorandum_file"),
    path("desk/fairs/<slug:code>/memoranda/", views.fair_memoranda, name="fair_memoranda"),
    path(
        "desk/fairs/<slug:code>/memoranda/new/", views.memorandum_create, name="memorandum_create"
    ),
    path("table/<str:code>/", views.table, name="table"),
    path("table/<str:code>/open/", views.table_open, name="table_open"),
    path("table/<str:code>/<str:token>/", views.table_turn, name="table_turn"),
    path("table/<str:code>/<str:token>/decline/", views.table_decline, name="table_decline"),
    path("v/", views.verify, name="verify"),
    path("v/<str:code>/", views.verify_code, name="verify_code"),
    # A QR holds the address in capitals, which makes a smaller symbol.
    re_path(r"^V/(?P<code>[^/]{1,40})/?$", views.verify_code),
]
