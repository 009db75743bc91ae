"""allauth's own defaults."""

from tools.bench.peers.settings import *  # noqa: F403 - settings, every one
from tools.bench.peers.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS += ["allauth", "allauth.account", "allauth.headless"]
MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ROOT_URLCONF = "tools.bench.peers.allauth_headless.urls"
# Limits are on; the clients of the benchmark use many networks.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
