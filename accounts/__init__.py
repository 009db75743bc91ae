"""Sign-in identities, and the data that people give."""
