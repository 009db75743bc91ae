"""Index: the addresses of every room."""

from django.urls import include, path

urlpatterns = [
    path("", include("privacy.notices.urls")),
]
