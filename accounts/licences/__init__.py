"""The business licence of an enterprise: handed in, looked at by staff, in force until its business period ends."""
