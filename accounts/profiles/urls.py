"""The address of one's profile."""

from django.urls import path

from accounts.profiles import views

urlpatterns = [path("settings/profile/", views.profile, name="profile")]
