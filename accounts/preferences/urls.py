"""URLs of language and time format."""

from django.urls import path

from accounts.preferences import api, views

urlpatterns = [
    path("settings/preferences/", views.preferences, name="preferences"),
    path("language/", views.switch_language, name="set_language"),
]
rest = [path("me/preferences", api.MyPreferences.as_view(), name="rest_preferences")]
