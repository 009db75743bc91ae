"""Inactive accounts: warned three times, then cancelled. Off unless UNUSED_AFTER is set."""
