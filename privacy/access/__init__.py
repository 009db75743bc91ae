"""Which member of staff looked at, or changed, whose data, and why."""
