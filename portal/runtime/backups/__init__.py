"""Backups of data, and of keys separately, by one command each."""
