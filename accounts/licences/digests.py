"""`Content-Digest` (RFC 9530): the digest of a body, checked where it was sent."""

import base64
import binascii
import hashlib
import re

_ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
# One member of the dictionary (RFC 8941): a name, and bytes in base64 between colons, perhaps with parameters.
_MEMBER = re.compile(r"\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):\s*(?:;.*)?", re.ASCII)


class DigestWrong(Exception):
    """The digest cannot be read, or is that of another body."""


def check_digest(header: str, data: bytes) -> None:
    """Compare a body with each known digest of its header; unknown algorithms say nothing. Raises `DigestWrong`."""
    for member in header.split(",") if header.strip() else []:
        found = _MEMBER.fullmatch(member)
        if found is None:
            raise DigestWrong("This is no dictionary of digests.")
        algorithm = _ALGORITHMS.get(found[1])
        if algorithm is not None and algorithm(data).digest() != _decoded(found[2]):
            raise DigestWrong("The digest is that of another body.")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise DigestWrong("This is no base64.") from None
