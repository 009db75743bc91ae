"""The fields of a profile and their checks; view and correct."""
