"""Finds what is left of a person: every value, in every encoding, in every place that a portal keeps anything."""
