"""Cancellation, cooling-off, erasure, receipt."""
