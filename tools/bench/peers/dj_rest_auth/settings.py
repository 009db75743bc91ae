"""dj-rest-auth's own defaults, and allauth's."""

from tools.bench.peers.settings import *  # noqa: F403 - settings, every one
from tools.bench.peers.settings import INSTALLED_APPS, MIDDLEWARE

INSTALLED_APPS += [
    "rest_framework",
    "rest_framework.authtoken",
    "dj_rest_auth",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "dj_rest_auth.registration",
]
MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ROOT_URLCONF = "tools.bench.peers.dj_rest_auth.urls"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}
# Limits are on; the clients of the benchmark use many networks.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
