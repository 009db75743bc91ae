"""Counters of what may be done only so often."""
