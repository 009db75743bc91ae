"""Counters of actions that are limited in frequency."""
