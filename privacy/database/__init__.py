"""Queries that are compiled once, health checks of connections, batches, and waking a worker."""
