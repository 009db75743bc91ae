"""The address of a person's copy."""

from django.urls import path

from privacy.export import views

urlpatterns = [path("settings/privacy/copy/", views.copy_of_data, name="copy_of_data")]
