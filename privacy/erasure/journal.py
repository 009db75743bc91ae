"""Receipts are copied to the journal as numbers, times and hashes, so that a lost one can still be confirmed."""

from privacy.erasure.models import ErasureReceipt
from privacy.journal.chains import JournalChain

RECEIPTS = JournalChain("receipts", ErasureReceipt, ("id", "reference", "erased_at", "version_id"), time="erased_at")
