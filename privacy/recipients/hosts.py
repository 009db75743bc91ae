"""Which address of a recipient may be called: https, no credentials, and not inside the portal's own network."""

import ipaddress
import socket
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

MOST_ADDRESSES = 3
PORTS = {"https": 443, "http": 80}
HostAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
# In these networks an IPv6 address contains an IPv4 one in its last four bytes, and gateways or the system connect to
# that: mapped, NAT64, translated and compatible addresses.
CARRIERS = [ipaddress.IPv6Network(f"{prefix}/96") for prefix in ("::ffff:0:0", "64:ff9b::", "::ffff:0:0:0", "::")]
LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


class HostRefused(Exception):
    """A recipient's address must not be called; the message says why."""


def checked_url(url: str) -> SplitResult:
    """Return the parts of an address that a recipient may have. Raises `HostRefused`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise HostRefused(_("This is not a valid web address.")) from None
    if any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):  # noqa: PLR2004 - printable ASCII
        raise HostRefused(_("The address must be ASCII, without spaces."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise HostRefused(_("The address must not contain a user name, password or fragment."))
    if not parts.hostname or parts.scheme not in PORTS or port == 0:
        raise HostRefused(_("The address must begin with https:// and a host name."))
    literal = _literal(parts.hostname)
    if parts.scheme == "http" and not _may_be_clear(parts.hostname, literal):
        raise HostRefused(_("The address must begin with https://, so that messages are encrypted."))
    if literal and not _may_be_called(literal):
        raise HostRefused(
            _("The portal may not call this address: it is in an internal network. See RECIPIENT_NETWORKS.")
        )
    return parts


def addresses_to_call(parts: SplitResult) -> list[str]:
    """Return the present IP addresses of a host that may be called.

    The connection uses one of these and does not resolve the name again: its address may change in between. Raises
    `HostRefused` if none may be called, `OSError` if the name is not known.
    """
    port = parts.port or PORTS[parts.scheme]
    allowed = list(dict.fromkeys(str(found) for found in _resolved(str(parts.hostname), port) if _may_be_called(found)))
    if not allowed:
        raise HostRefused("This host is inside a network that may not be called; see RECIPIENT_NETWORKS.")
    return allowed[:MOST_ADDRESSES]


def _resolved(host: str, port: int) -> Iterator[HostAddress]:
    for _family, _kind, _protocol, _name, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        yield ipaddress.ip_address(str(where[0]).partition("%")[0])


def _literal(host: str) -> HostAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _may_be_called(address: HostAddress) -> bool:
    meant = _meant(address)
    if any(one in network for network in settings.RECIPIENT_NETWORKS for one in (address, meant)):
        return True
    if isinstance(meant, ipaddress.IPv6Address) and (meant.is_site_local or meant in LOCAL_NAT64):
        return False
    return meant.is_global and not meant.is_multicast


def _meant(address: HostAddress) -> HostAddress:
    """Return the IPv4 address to which an IPv6 one leads, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if any(address in carrier for carrier in CARRIERS):
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.sixtofour or address


def _may_be_clear(host: str, literal: HostAddress | None) -> bool:
    return not settings.IN_PRODUCTION and (host == "localhost" or bool(literal and literal.is_loopback))
