"""The addresses of the restriction of one's data."""

from django.urls import path

from privacy.restriction import api, views

urlpatterns = [path("settings/privacy/restriction/", views.restriction, name="restriction")]
rest = [path("me/restriction", api.Restriction.as_view(), name="rest_restriction")]
