"""djoser's own defaults."""

from bench.peers.settings import *  # noqa: F403 - settings, every one
from bench.peers.settings import INSTALLED_APPS

INSTALLED_APPS += ["rest_framework", "rest_framework.authtoken", "djoser"]
ROOT_URLCONF = "bench.peers.djoser.urls"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}
