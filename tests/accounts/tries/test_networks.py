"""A caller counts as several networks, narrow and wide; an IPv4 caller counts as such in every notation."""

import pytest
from django.test import RequestFactory

from accounts.tries.networks import network_of, prefixes_of

pytestmark = pytest.mark.embedded


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7/32"),
        ("::ffff:198.51.100.7", "198.51.100.7/32"),
        ("::ffff:c633:6407", "198.51.100.7/32"),
        ("64:ff9b::198.51.100.7", "198.51.100.7/32"),
        ("2001:db8:1:2::3", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no address", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_narrowest_network_is_the_first_bits_of_an_address(address: str, network: str):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


@pytest.mark.parametrize("seen", ["::ffff:198.51.100.7", "198.51.100.7"])
def test_a_proxy_on_both_protocols_distinguishes_ipv4_callers(settings, seen: str):
    settings.TRUSTED_PROXIES = 1
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": seen})
    assert network_of(request) == "198.51.100.7/32"


@pytest.mark.parametrize(
    ("network", "counted"),
    [
        ("198.51.100.7/32", {"198.51.100.7/32": 1, "198.51.100.0/24": 2}),
        (
            "2001:db8:1:2ff::/64",
            {"2001:db8:1:2ff::/64": 1, "2001:db8:1:200::/56": 2, "2001:db8:1::/48": 4},
        ),
        ("2001:db8:1::/48", {"2001:db8:1::/48": 4}),
        ("2001:db8::/32", {"2001:db8::/32": 4}),
        ("unknown", {"unknown": 1}),
    ],
)
def test_a_network_counts_as_those_around_it_each_with_its_multiple(network: str, counted: dict[str, int]):
    assert prefixes_of(network) == counted
