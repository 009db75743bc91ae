"""Lists recipients in each consent receipt as third parties that hold data."""

from collections.abc import Iterator

from privacy.inventory.third_parties import ThirdParty
from privacy.recipients.queries import holding_recipients


def third_parties() -> Iterator[ThirdParty]:
    """Yield each recipient that holds data now."""
    for recipient in holding_recipients():
        yield ThirdParty(str(recipient.pk), recipient.name, recipient.classes)
