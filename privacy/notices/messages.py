"""The messages that are sent: each is declared with its purpose by the package that sends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from privacy.notices.limits import MessagePurpose
from privacy.operations.collecting import declared


@dataclass(frozen=True)
class Message:
    """A message whose texts are `templates/privacy/notices/<template>.{subject,txt,sms.txt}`.

    `purpose` decides which limits apply: codes, security messages, ordinary ones, which may wait, and those to an
    address that somebody typed and no one proved.
    """

    template: str
    purpose: MessagePurpose = MessagePurpose.SECURITY


def purpose_of(*, template: str, is_urgent: bool) -> MessagePurpose:
    """Return the purpose whose limits apply to a message.

    An urgent message carries a code. Any other one is a security message, unless it is declared as something else.
    """
    purpose = _declared_purposes().get(template)
    if is_urgent:
        return MessagePurpose.UNPROVEN_CODE if purpose is MessagePurpose.UNPROVEN_CODE else MessagePurpose.CODE
    return purpose if purpose in _NOT_URGENT else MessagePurpose.SECURITY


# As which a message without a code may be declared.
_NOT_URGENT = frozenset({MessagePurpose.ORDINARY, MessagePurpose.UNPROVEN})


@lru_cache(maxsize=1)
def _declared_purposes() -> Mapping[str, MessagePurpose]:
    return {each.template: each.purpose for each in declared(Message)}
