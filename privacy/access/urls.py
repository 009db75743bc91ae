"""The address of what staff did."""

from django.urls import path

from privacy.access import views

urlpatterns = [path("settings/privacy/access/", views.accesses, name="accesses")]
