"""Accounts that nobody uses any more: warned three times, then cancelled; off unless UNUSED_AFTER is set."""
