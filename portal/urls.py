"""Joins the rooms' pages."""

from django.urls import URLPattern, URLResolver, include, path

from portal.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("privacy.urls")),
]
