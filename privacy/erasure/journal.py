"""Receipts are copied to the journal by numbers, times and hashes: one that a restore loses is still confirmed."""

from privacy.erasure.models import ErasureReceipt
from privacy.journal.chains import JournalChain

RECEIPTS = JournalChain("receipts", ErasureReceipt, ("id", "reference", "erased_at", "version_id"), time="erased_at")
