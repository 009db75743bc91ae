"""Index: the addresses of every package."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.registration.urls")),
    path("", include("accounts.sign_in.urls")),
    path("", include("accounts.profiles.urls")),
]
