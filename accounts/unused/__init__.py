"""Accounts that nobody uses any more (6.3.4): warned three times, then cancelled; off unless UNUSED_AFTER is set."""
