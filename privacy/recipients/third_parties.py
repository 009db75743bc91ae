"""Lists in each consent receipt who else holds data."""

from collections.abc import Iterator

from privacy.consent.receipts import ThirdParty, register_third_parties
from privacy.recipients.queries import holding_recipients


def _third_parties() -> Iterator[ThirdParty]:
    for recipient in holding_recipients():
        yield ThirdParty(str(recipient.pk), recipient.name, recipient.classes)


register_third_parties(_third_parties)
