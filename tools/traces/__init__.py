"""Finds traces of a person: every value, in every encoding, in every store of the portal."""
