"""Queries that are compiled once, connections that are looked at, one step for many rows, and waking a worker."""
