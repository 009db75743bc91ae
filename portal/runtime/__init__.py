"""What a process of the portal runs in: the supervisor, backups, the cache, logs and the scheduler."""
