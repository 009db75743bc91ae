"""Which address may be called: https, no credentials, nothing inside the own network, no other name."""

import datetime as dt
import ipaddress
import socket
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from urllib3.exceptions import SSLError

from portal.settings.addresses import networks
from privacy.recipients import hosts
from privacy.recipients.hosts import HostRefused, addresses_to_call, checked_url
from privacy.recipients.sending import post
from privacy.recipients.services import UnknownClass, register_recipient
from tests.privacy.recipients.sample import served

pytestmark = pytest.mark.embedded


@pytest.fixture
def production(settings):
    settings.IN_PRODUCTION = True
    settings.RECIPIENT_NETWORKS = []
    return settings


@pytest.mark.parametrize(
    "url", ["https://devices.example/hook", "https://devices.example:8443/a/b?c=d", "https://93.184.215.14/"]
)
def test_an_address_over_https_is_taken(production, url):
    assert checked_url(url).geturl() == url


@pytest.mark.parametrize(
    "url",
    [
        *("", "devices.example", "//devices.example/", "http://devices.example/", "ftp://devices.example/"),
        *("https://", "https:///hook", "https://a:b@devices.example/", "https://a@devices.example/"),
        *("https://devices.example/#part", "https://devices.example:99999/", "https://devices.example:0/"),
        *(
            "https://devices.example/ hook",
            "https://devices.example/\r\nX: y",
            "https://dévices.example/",
            "https://[::1/",
        ),
        *("http://127.0.0.1/", "http://localhost/", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/"),
        *("https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/", "https://0.0.0.0/", "https://224.0.0.1/"),
    ],
)
def test_any_other_is_refused(production, url):
    with pytest.raises(HostRefused):
        checked_url(url)


@pytest.mark.parametrize(
    "inside",
    [
        *("64:ff9b::a9fe:a9fe", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "::ffff:0:10.0.0.1", "::10.0.0.1"),
        *("2002:a9fe:a9fe::1", "2002:0a00:0001::", "fec0::1"),
    ],
)
def test_an_inner_address_that_another_one_carries_is_refused(production, inside):
    """A gateway, such as NAT64 in a cloud, connects to the address in the last four bytes."""
    with pytest.raises(HostRefused):
        checked_url(f"https://[{inside}]/")


def test_an_outer_address_that_another_one_carries_is_taken(production):
    for address in ("64:ff9b::93.184.215.14", "2606:4700::1111"):
        assert checked_url(f"https://[{address}]/")


def test_outside_production_this_machine_may_be_called_in_clear():
    assert checked_url("http://localhost:8100/hook")
    assert checked_url("http://127.0.0.1:8100/hook")
    with pytest.raises(HostRefused):
        checked_url("http://devices.example/hook")


@pytest.mark.parametrize(
    "inside", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.1", "fd00::1", "::ffff:10.0.0.1"]
)
def test_a_name_that_resolves_to_an_inner_address_is_not_called(production, monkeypatch, inside):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: [(0, 0, 0, "", (inside, 443))])
    with pytest.raises(HostRefused):
        addresses_to_call(checked_url("https://devices.example/"))


def test_a_network_that_the_operator_names_may_be_called(production, monkeypatch):
    production.RECIPIENT_NETWORKS = [ipaddress.ip_network("10.1.0.0/16")]
    found = [(0, 0, 0, "", (address, 443)) for address in ("10.2.0.1", "10.1.0.1", "10.1.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)
    assert addresses_to_call(checked_url("https://devices.example/")) == ["10.1.0.1"]


def test_networks_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("RECIPIENT_NETWORKS", "10.1.0.0/16, fd00::/8")
    assert [str(network) for network in networks("RECIPIENT_NETWORKS", "")] == ["10.1.0.0/16", "fd00::/8"]
    monkeypatch.setenv("RECIPIENT_NETWORKS", "everything")
    with pytest.raises(Exception, match="RECIPIENT_NETWORKS"):
        networks("RECIPIENT_NETWORKS", "")


@pytest.mark.parametrize("classes", [[], ["sign_in"], ["account", "nothing"], ["evidence"]])
def test_a_recipient_holds_what_the_register_can_name(classes):
    with pytest.raises(UnknownClass):
        register_recipient(name="Devices", url="https://devices.example/", classes=classes)


def certificate(folder: Path, name: str) -> Path:
    """A certificate of one name, and its key, in one file."""
    key, subject = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("name", ["localhost", "another.example"])
def test_the_certificate_is_that_of_the_name_though_the_address_is_called(tmp_path, monkeypatch, name):
    chain, hosts_seen = certificate(tmp_path, name), []

    def answer(environ, start_response):
        hosts_seen.append(environ["HTTP_HOST"])
        start_response("204 No Content", [])
        return [b""]

    monkeypatch.setenv("SSL_CERT_FILE", str(chain))
    monkeypatch.setattr(hosts, "_resolved", lambda *_host: [ipaddress.ip_address("127.0.0.1")])
    with served(answer) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(chain)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        url = f"https://localhost:{server.server_port}/hook"
        if name == "localhost":
            assert post(url, "{}", {}) == 204
            assert hosts_seen == [f"localhost:{server.server_port}"]
        else:
            with pytest.raises(SSLError):
                post(url, "{}", {})
            assert hosts_seen == []
