"""One POST to a recipient: to an address that was looked at, without redirects, and nothing read but the status."""

from collections.abc import Mapping
from urllib.parse import SplitResult

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from privacy.recipients.hosts import PORTS, addresses_to_call, checked_url

# Together far shorter than the shortest wait before a second attempt.
PATIENCE = Timeout(connect=5, read=15)


def post(url: str, body: str, headers: Mapping[str, str]) -> int:
    """Send one message and return the status of the answer.

    Raises `AddressRefused`, `OSError` where the host is not known, and `urllib3.exceptions.HTTPError` for the rest.
    """
    parts = checked_url(url)
    *others, last = addresses_to_call(parts)
    for address in others:
        try:
            return _post_to(address, parts, body, headers)
        except (NewConnectionError, ConnectTimeoutError):
            continue
    return _post_to(last, parts, body, headers)


def _post_to(address: str, parts: SplitResult, body: str, headers: Mapping[str, str]) -> int:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    with _pool(address, parts) as pool:
        answer = pool.urlopen(
            "POST",
            target,
            body=body.encode(),
            headers={**headers, "host": parts.netloc},
            redirect=False,
            retries=False,
            preload_content=False,
        )
        answer.close()
        return int(answer.status)


def _pool(address: str, parts: SplitResult) -> HTTPConnectionPool:
    port = parts.port or PORTS[parts.scheme]
    if parts.scheme == "http":
        return HTTPConnectionPool(address, port, timeout=PATIENCE)
    # The certificate is that of the name, though the connection goes to its address.
    name = str(parts.hostname)
    return HTTPSConnectionPool(address, port, timeout=PATIENCE, server_hostname=name, assert_hostname=name)
