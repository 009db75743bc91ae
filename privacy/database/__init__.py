"""Queries that are compiled once, one step for many rows, and waking a worker for a row."""
