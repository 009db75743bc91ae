"""The messages that are sent: each is declared with its purpose by the package that sends it."""

from dataclasses import dataclass

from privacy.notices.limits import MessagePurpose


@dataclass(frozen=True)
class Message:
    """A message whose texts are `templates/privacy/notices/<template>.{subject,txt,sms.txt}`.

    `purpose` decides which limits apply: codes, security messages, and ordinary ones, which may wait.
    """

    template: str
    purpose: MessagePurpose = MessagePurpose.SECURITY
