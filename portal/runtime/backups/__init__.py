"""Backups that an operator without a database team can make and restore: data, media, and the keys apart."""
