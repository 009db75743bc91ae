"""A copy of all data of a person."""
