"""Verify a chain of evidence row by row."""

import hmac
from collections.abc import Iterator

from privacy.evidence.models import GENESIS, ChainedRecord, ChainHead


def chain_errors(model: type[ChainedRecord]) -> Iterator[str]:
    """Yield a line for each place where a chain was changed, cut, reordered or forged; nothing if it is intact."""
    position, previous = 0, GENESIS
    for record in model._default_manager.order_by("position").iterator(chunk_size=1000):
        position += 1
        if record.position != position:
            yield f"{model._meta.label}: a row is missing before position {record.position}"
            position = record.position
        elif bytes(record.previous_hash) != previous:
            yield f"{model._meta.label}: position {position} does not follow the row before it"
        if not hmac.compare_digest(bytes(record.hash), record.compute_hash()):
            yield f"{model._meta.label}: position {position} was changed"
        previous = bytes(record.hash)
    head = ChainHead.objects.filter(chain=model._meta.label_lower).first()
    if (position, previous) != ((head.position, bytes(head.hash)) if head else (0, GENESIS)):
        yield f"{model._meta.label}: the chain does not end where its head says"
