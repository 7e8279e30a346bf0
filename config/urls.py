"""All addresses, app by app."""

from django.contrib import admin
from django.urls import include, path

from config.api import api

urlpatterns = [
    path("", include("fairs.urls")),
    path("", include("accounts.urls")),
    path("", include("registry.urls")),
    path("", include("booths.urls")),
    path("", include("badges.urls")),
    path("", include("mou.urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", api.urls),
    path("admin/", admin.site.urls),
]
