"""The URL of the profile."""

from django.urls import path

from accounts.profiles import api, views

urlpatterns = [path("settings/profile/", views.profile, name="profile")]
rest = [
    path("me", api.Me.as_view(), name="rest_me"),
    path("me/corrections", api.Corrections.as_view(), name="rest_corrections"),
]
