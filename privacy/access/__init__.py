"""The audit log: which member of staff read or changed whose data, and why."""
