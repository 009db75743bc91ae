"""Django's messages in a cookie with the `__Host-` prefix in production."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class NamedCookieStorage(CookieStorage):
    """Django's cookie of messages with the name from the settings."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """Keeps messages in the cookie, and long ones in the session."""

    storage_classes = (NamedCookieStorage, SessionStorage)
