"""Signals of this package to higher packages."""

from django.dispatch import Signal

# Sent inside the transaction that publishes, with `version`: the publication and a receiver's rows are committed
# together.
policy_published = Signal()
