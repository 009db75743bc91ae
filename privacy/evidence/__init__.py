"""Append-only, chained rows: no one may change them, and a change is detected."""
