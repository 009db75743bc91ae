"""The runtime of processes: supervisor, backups, cache, queues, logs and scheduler."""
