"""Forms of requests: those of people, of staff, and of what staff file."""
