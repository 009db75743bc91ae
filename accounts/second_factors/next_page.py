"""The page that a person wanted to open, kept through the pages that come before it."""

from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.http import HttpRequest
from django.urls import reverse


def next_page(request: HttpRequest) -> str:
    """Return the `next` of a request if it is a page of this site, else an empty text."""
    return get_next_redirect_url(request) or ""


def with_next(url_name: str, then: str, *args: str) -> str:
    """Return the URL of a page that leads on to `then`; without one, its plain URL. `args` are those of its route."""
    url = reverse(url_name, args=args)
    return f"{url}?{urlencode({'next': then})}" if then else url
