"""The networks of a request. They are stored only as a keyed hash, until the window of the limit ends."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# Prefix length of a network, and its multiple of the limit of a single caller.
WIDTHS: dict[int, dict[int, int]] = {
    4: {
        32: 1,  # a household, an office, or many customers of a provider: the limits allow for that
        24: 2,  # what one customer rents; seldom more than one attacker
    },
    6: {
        64: 1,  # one link: its user chooses the other 64 bits, differently for each try
        56: 2,  # what a provider gives a household: 256 links
        48: 4,  # what a company, or a customer of a tunnel broker, gets: 65,536 links
    },
}
# IPv4 addresses behind a translator, as a server with IPv6 only sees them (RFC 6052, RFC 7755).
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; behind `TRUSTED_PROXIES` proxies, the one that the outermost of them saw."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    if settings.TRUSTED_PROXIES and len(hops) >= settings.TRUSTED_PROXIES:
        return str(hops[-settings.TRUSTED_PROXIES])
    return str(request.META.get("REMOTE_ADDR", ""))


def network_of(request: HttpRequest) -> str:
    """Return the caller's narrowest network that is counted: an IPv4 address, also a mapped one; an IPv6 link."""
    try:
        address = ipaddress.ip_address(client_address(request).partition("%")[0])
    except ValueError:
        return "unknown"
    address = _ipv4_inside(address) or address
    return _network(address, max(WIDTHS[address.version]))


def prefixes_of(network: str) -> dict[str, int]:
    """Return a network and the wider ones around it, each with its multiple of the limit of a single caller."""
    try:
        given = ipaddress.ip_network(network)
    except ValueError:
        return {network: 1}
    widths = WIDTHS[given.version]
    return {
        _network(given.network_address, bits): times for bits, times in widths.items() if bits <= given.prefixlen
    } or {network: max(widths.values())}


def _ipv4_inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    # A socket for both protocols shows IPv4 callers as `::ffff:a.b.c.d`, all within one link.
    if isinstance(address, ipaddress.IPv6Address):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in TRANSLATED else address.ipv4_mapped
    return None


def _network(address: ipaddress.IPv4Address | ipaddress.IPv6Address, bits: int) -> str:
    return str(ipaddress.ip_network((address, bits), strict=False))
