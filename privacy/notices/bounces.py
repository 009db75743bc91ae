"""Reads delivery status notifications (RFC 3464): what mail servers send back for an e-mail they cannot deliver."""

import email
import re
from email.message import Message
from email.policy import default

# `make_msgid` writes the number of the message as the last part before the `@`; see `delivery`.
_NUMBER = re.compile(r"\.([0-9a-f]{32})@")
FAILED = "failed"


class NotABounce(ValueError):
    """This is no report that one of the portal's e-mails was not delivered; the message says why."""


def number_of_bounced(raw: bytes) -> str:
    """Return the number of the message (hexadecimal) that a report says was not delivered.

    Raises `NotABounce` for any other e-mail, such as a report of a delay or an automatic reply.
    """
    message = email.message_from_bytes(raw, policy=default)
    if message.get_content_type() != "multipart/report":
        raise NotABounce("It is not a delivery status notification (multipart/report, RFC 3464).")
    parts = list(message.walk())
    if not any(_says_failed(part) for part in parts if part.get_content_type() == "message/delivery-status"):
        raise NotABounce("It does not say that a delivery failed for good.")
    for part in parts:
        if found := _NUMBER.search(_message_id(part)):
            return found.group(1)
    raise NotABounce("It does not contain the Message-ID of an e-mail of this portal.")


def _says_failed(status: Message) -> bool:
    """Whether a part says so of any recipient: each has a block of header fields (RFC 3464, 2.3.3)."""
    blocks = status.get_payload()
    return any(str(block.get("Action", "")).strip().lower() == FAILED for block in blocks if isinstance(block, Message))


def _message_id(part: Message) -> str:
    """Return the Message-ID that a returned e-mail, or its returned header (RFC 6522, 4), names."""
    if part.get_content_type() == "message/rfc822":
        return "".join(
            str(returned.get("Message-ID", "")) for returned in part.get_payload() if isinstance(returned, Message)
        )
    if part.get_content_type() == "text/rfc822-headers":
        header = email.message_from_bytes(part.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        return str(header.get("Message-ID", ""))
    return ""
