"""djoser's own defaults."""

from tools.bench.peers.settings import *  # noqa: F403 - settings, every one
from tools.bench.peers.settings import INSTALLED_APPS

INSTALLED_APPS += ["rest_framework", "rest_framework.authtoken", "djoser"]
ROOT_URLCONF = "tools.bench.peers.djoser.urls"
REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]}
