"""Reads addresses of servers, gateways, sites, networks and e-mail from the environment."""

import ipaddress
from collections.abc import Collection
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.http.request import validate_host

from portal.settings.environment import PRODUCTION, env, mapping, required_in_production, switch

REDIS_SCHEMES = ("redis", "rediss")


def redis_url(name: str, running: str) -> str:
    """Return the URL of Redis, empty where there is none.

    Production needs a password in it, unless `REDIS_WITHOUT_PASSWORD=yes` says that the network or a client certificate
    restricts access: a writer to Redis can start tasks and reset limits. With `rediss://` the certificate of
    Redis is checked, unless the URL says otherwise (`ssl_cert_reqs`), which Celery does not do by default.
    Raises `ImproperlyConfigured` without the password in its message.
    """
    url = required_in_production(name, running, "")
    without_password = switch("REDIS_WITHOUT_PASSWORD", default=False)
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_right = parts.scheme in REDIS_SCHEMES and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_right = False
    if not is_right:
        raise ImproperlyConfigured(f"{name} must be redis://:PASSWORD@HOST:PORT/0 or rediss://:PASSWORD@HOST:PORT/0")
    if running == PRODUCTION and not parts.password and not without_password:
        raise ImproperlyConfigured(
            f"{name} has no password: anyone who reaches Redis could start tasks and reset limits. Add a password, or "
            "set REDIS_WITHOUT_PASSWORD=yes if only the portal can reach it."
        )
    if parts.scheme == "rediss" and "ssl_cert_reqs" not in parse_qs(parts.query):
        return f"{url}{'&' if parts.query else '?'}ssl_cert_reqs=required"
    return url


def sender(name: str, running: str) -> str:
    """Return the sender of e-mails: an address, or `NAME <ADDRESS>`; production has no default.

    Raises `ImproperlyConfigured` where it is no address, or in production an address of this machine.
    """
    text = required_in_production(name, running, "portal@localhost")
    address = _email(name, text)
    if running == PRODUCTION and address.endswith("@localhost"):
        raise ImproperlyConfigured(f"{name} must be an e-mail address that accepts replies; it is {text!r}.")
    return text


def optional_email(name: str) -> str:
    """Return the e-mail address of a variable, empty where it is not set. Raises `ImproperlyConfigured`."""
    text = env.str(name, default="")
    return text and _email(name, text)


def sms_url(name: str, running: str) -> str:
    """Return the URL of the SMS gateway. Raises `ImproperlyConfigured`, without the value, which has a secret."""
    url = required_in_production(name, running, "outbox://")
    if not url.partition("://")[1]:
        raise ImproperlyConfigured(
            f"{name} must be an Apprise URL such as twilio://SID:TOKEN@FROM; its scheme is missing."
        )
    return url


def email_settings(name: str) -> dict[str, Any]:
    """Return Django's settings for a URL of a mail server; errors do not show the password."""
    scheme, has_scheme, _rest = env.str(name).partition("://")
    try:
        return dict(env.email_url(name))
    except (ValueError, ImproperlyConfigured):
        given = f"its scheme is {scheme!r}" if has_scheme else "it has no scheme"
        raise ImproperlyConfigured(
            f"{name} must be smtp+tls://USER:PASSWORD@HOST:587, or smtp://, smtp+ssl:// or outbox://; {given}."
        ) from None


def origins(name: str) -> list[str]:
    """Return the origins of a variable, such as `https://portal.example`. Raises `ImproperlyConfigured`."""
    found = [origin.strip() for origin in env.list(name, default=[]) if origin.strip()]
    for origin in found:
        if not _is_origin(origin):
            raise ImproperlyConfigured(f"{name} must list origins such as https://portal.example; one is {origin!r}.")
    return found


def own_site(name: str, running: str, allowed: Collection[str]) -> str:
    """Return the origin of this portal, for links in messages, receipts and copies.

    Production has no default, and needs HTTPS and one of the `allowed` hosts; elsewhere it is this machine at `PORT`.
    Raises `ImproperlyConfigured`.
    """
    site = required_in_production(name, running, f"http://127.0.0.1:{env.str('PORT', default='8000')}").rstrip("/")
    if not _is_origin(site) or (running == PRODUCTION and not site.startswith("https://")):
        raise ImproperlyConfigured(f"{name} must be an origin such as https://portal.example; it is {site!r}.")
    host = urlsplit(site).hostname or ""
    if running == PRODUCTION and not validate_host(host, allowed):
        raise ImproperlyConfigured(f"{name} names {host}, which is not in ALLOWED_HOSTS: links to it would be refused.")
    return site


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("https", "http") and bool(parts.hostname) and text == f"{parts.scheme}://{parts.netloc}"


def sites(name: str, known: Collection[str]) -> dict[str, str]:
    """Return the addresses of other sites by their codes. Raises `ImproperlyConfigured`."""
    found = mapping(name, known)
    for code, url in found.items():
        if not url.startswith(("https://", "http://")):
            raise ImproperlyConfigured(f"{name}, {code}, must be an address such as https://cn.example; it is {url!r}.")
    return found


def hosts(name: str, running: str) -> list[str]:
    """Return the names under which the portal answers; production names each. Raises `ImproperlyConfigured`."""
    text = required_in_production(name, running, "*")
    found = [host.strip() for host in text.split(",") if host.strip()]
    if not found:
        raise ImproperlyConfigured(f"{name} must name at least one host; it is {text!r}.")
    if running == PRODUCTION and "*" in found:
        raise ImproperlyConfigured(f"{name}=* lets anyone choose the host of links in messages. List the hosts.")
    return found


def networks(name: str, default: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return `10.1.0.0/16,fd00::/8` as networks. Raises `ImproperlyConfigured`."""
    parts = [part.strip() for part in env.str(name, default=default).split(",") if part.strip()]
    try:
        return [ipaddress.ip_network(part) for part in parts]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list networks such as 10.1.0.0/16: {error}.") from None


def _email(name: str, text: str) -> str:
    address = parseaddr(text)[1]
    try:
        validate_email(address)
    except ValidationError:
        raise ImproperlyConfigured(
            f"{name} must be an e-mail address such as portal@example.org; it is {text!r}."
        ) from None
    return address
