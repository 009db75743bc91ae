"""URLs of all packages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from portal.web.api import UnknownAddress
from portal.web.design import design
from portal.web.home import front, home, settings
from portal.web.robots import robots
from privacy.operations.collecting import modules_of_all

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because Django tries the patterns in order.
    path("api/v1/", include("portal.web.api")),
    re_path("^api/", UnknownAddress.as_view()),
    path("", front, name="front"),
    path("robots.txt", robots, name="robots"),
    path("home/", home, name="home"),
    path("settings/", settings, name="settings"),
    *(path("", include(urls)) for urls in modules_of_all("urls") if hasattr(urls, "urlpatterns")),
    path("admin/", admin.site.urls),
    path("design/", design, name="design"),
]

handler400 = "portal.web.errors.bad_request"
handler500 = "portal.web.errors.server_error"
