"""Decide an item, answer, and extend the time; follow the notices until they are handed over."""
