"""Backups that an operator without a database team can make and restore: data, and the keys apart."""
