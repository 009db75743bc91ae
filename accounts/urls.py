"""Index: the addresses of every package."""

from django.urls import include, path

urlpatterns = [
    path("", include("accounts.registration.urls")),
    # Before `sign_in`, whose pages of contact points take any name under `settings/security/`.
    path("", include("accounts.second_factors.urls")),
    path("", include("accounts.sessions.urls")),
    path("", include("accounts.sign_in.urls")),
    path("", include("accounts.profiles.urls")),
]
