"""Limits of tries: growing waits, failures in a row, totals over all people, and proof of work."""
