"""Requests of people (the rights desk): intake, proof of identity, items, due times, answers."""
