"""The portal's own address (`SITE_URL`): links in messages, receipts and copies are absolute, never from a request."""

from django.conf import settings
from django.urls import reverse


def link_to(view: str, *args: str) -> str:
    """Return the absolute URL of a page of this portal, such as `https://portal.example/recover/`."""
    return f"{settings.SITE_URL}{reverse(view, args=args)}"
