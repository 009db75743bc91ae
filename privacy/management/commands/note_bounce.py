"""`manage.py note_bounce`: read one delivery status notification from standard input."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from privacy.notices.bounces import NotABounce, number_of_bounced
from privacy.notices.reports import note_email_not_delivered


class Command(BaseCommand):
    """Notes that an e-mail came back. A mail server runs it for each e-mail to the sender's address."""

    help = "Read an e-mail that a mail server sent back (RFC 3464) from standard input, and note what it reports."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Note it. What is no such report is ignored, so that the mail server does not send an error back."""
        try:
            number = number_of_bounced(sys.stdin.buffer.read())
        except NotABounce as why:
            self.stdout.write(f"Ignored. {why}")
            return
        noted = note_email_not_delivered(number)
        self.stdout.write("Noted as not delivered." if noted else "Ignored. No e-mail with this number was sent.")
