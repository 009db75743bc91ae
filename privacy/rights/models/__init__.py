"""Loads the models of requests, where Django looks for them."""

from privacy.rights.models import calendar, codes, documents, evidence, extensions, requests

__all__ = ["calendar", "codes", "documents", "evidence", "extensions", "requests"]
