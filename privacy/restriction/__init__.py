"""Restriction of processing: whose data is only stored, and read by no one but themselves and a legal hold."""
