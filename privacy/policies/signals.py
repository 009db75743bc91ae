"""What this package tells higher ones."""

from django.dispatch import Signal

# Sent inside the transaction that publishes, with `version`: a receiver's due rows and the publication stand or fall
# together.
policy_published = Signal()
