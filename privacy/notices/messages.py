"""The messages that are sent: each is declared with its purpose by the package that sends it."""

from dataclasses import dataclass
from functools import lru_cache

from privacy.notices.limits import MessagePurpose
from privacy.operations.collecting import declared


@dataclass(frozen=True)
class Message:
    """A message whose texts are `templates/privacy/notices/<template>.{subject,txt,sms.txt}`.

    `purpose` decides which limits apply: codes, security messages, and ordinary ones, which may wait.
    """

    template: str
    purpose: MessagePurpose = MessagePurpose.SECURITY


def purpose_of(*, template: str, is_urgent: bool) -> MessagePurpose:
    """Return the purpose whose limits apply to a message.

    An urgent message carries a code. Any other one is a security message, unless it is declared as ordinary.
    """
    if is_urgent:
        return MessagePurpose.CODE
    return MessagePurpose.ORDINARY if template in _ordinary_templates() else MessagePurpose.SECURITY


@lru_cache(maxsize=1)
def _ordinary_templates() -> frozenset[str]:
    return frozenset(each.template for each in declared(Message) if each.purpose is MessagePurpose.ORDINARY)
