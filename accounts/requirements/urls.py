"""URLs of services and what they need."""

from django.urls import path

from accounts.requirements import api, views

urlpatterns = [
    path("settings/services/", views.services, name="services"),
    path("settings/services/<slug:key>/", views.service, name="service"),
]
rest = [path("me/requirements", api.MyRequirements.as_view(), name="rest_requirements")]
