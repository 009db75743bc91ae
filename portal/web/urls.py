"""URLs of all packages."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from portal.web.api import UnknownAddress
from portal.web.design import design
from portal.web.home import front, home, settings
from privacy.operations.collecting import modules_of_all
from privacy.subjects.markers import open_at_the_gate, open_with_temporary_password

urlpatterns: list[URLPattern | URLResolver] = [
    # First, because Django tries the patterns in order.
    path("api/v1/", include("portal.web.api")),
    re_path("^api/", UnknownAddress.as_view()),
    path("", front, name="front"),
    path("home/", home, name="home"),
    path("settings/", settings, name="settings"),
    path("language/", open_with_temporary_password(open_at_the_gate(set_language)), name="set_language"),
    *(path("", include(urls)) for urls in modules_of_all("urls") if hasattr(urls, "urlpatterns")),
    path("admin/", admin.site.urls),
    path("design/", design, name="design"),
]

handler400 = "portal.web.errors.bad_request"
handler500 = "portal.web.errors.server_error"
