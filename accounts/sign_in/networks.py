"""Which network a request comes from, shortened before anything is done with it (1.2)."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

IPV4_BITS, IPV6_BITS = 24, 48


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; behind `TRUSTED_PROXIES` proxies, the one that the outermost of them saw."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return str(hops[-settings.TRUSTED_PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(request: HttpRequest) -> str:
    """Return the caller's network: the first 24 bits of an IPv4 address, also a mapped one; 48 of an IPv6 one."""
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    # A socket for both protocols shows IPv4 callers as `::ffff:a.b.c.d`: all of them are within one /48.
    address = getattr(address, "ipv4_mapped", None) or address
    bits = IPV4_BITS if address.version == 4 else IPV6_BITS  # noqa: PLR2004 - the protocol's version
    return str(ipaddress.ip_network((address, bits), strict=False))
