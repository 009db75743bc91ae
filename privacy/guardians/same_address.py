"""Whether two addresses reach the same person: aliases of one mailbox count as one.

What a mail server makes of the part before the @ is its own matter. This is stricter than most: capitals, what follows
a plus, another domain of the same provider and, for Gmail, full stops make no other mailbox.
"""

import hashlib
import hmac
from uuid import UUID

from privacy.encryption.fields import blind_index
from privacy.encryption.keys import system_key
from privacy.guardians.tokens import KEY

GMAIL = "gmail.com"
# Domains of one provider that deliver to one mailbox, by the one that stands for them.
_SAME_DOMAINS = {
    GMAIL: ("googlemail.com",),
    "proton.me": ("protonmail.com", "protonmail.ch", "pm.me"),
    "icloud.com": ("me.com", "mac.com"),
    "yandex.com": ("yandex.ru", "ya.ru", "yandex.by", "yandex.kz", "yandex.ua"),
}
_MAIN_DOMAIN = {other: main for main, others in _SAME_DOMAINS.items() for other in others}


def is_same_address(one: str, other: str) -> bool:
    """Whether two addresses in their stored forms are one mailbox or one number."""
    return mailbox_of(one) == mailbox_of(other)


def mark_of(address: str) -> bytes:
    """Return the keyed hash (HMAC-SHA256) that all aliases of a mailbox share, or that of a phone number."""
    text = f"mailbox|{mailbox_of(address)}"
    return hmac.digest(system_key(KEY), text.encode("utf-8", "surrogatepass"), hashlib.sha256)


def mark_of_account(subject_id: UUID) -> bytes:
    """Return the keyed hash of the number of a guardian's account."""
    return blind_index(subject_id.hex, "guardian_account")


def mailbox_of(address: str) -> str:
    """Return the form that all aliases of a mailbox share; a phone number is returned as it is."""
    local, at, domain = address.casefold().rpartition("@")
    if not at:
        return address
    local = local.partition("+")[0]
    domain = _MAIN_DOMAIN.get(domain, domain)
    return f"{local.replace('.', '')}@{domain}" if domain == GMAIL else f"{local}@{domain}"
