"""Append-only, chained rows: what nobody may change, and how a change is noticed."""
