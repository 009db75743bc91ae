"""Index: the addresses of every package."""

from django.urls import include, path

urlpatterns = [
    path("", include("privacy.access.urls")),
    path("", include("privacy.consent.urls")),
    path("", include("privacy.erasure.urls")),
    path("", include("privacy.export.urls")),
    path("", include("privacy.notices.urls")),
    path("", include("privacy.policies.urls")),
]
