"""Security events of an account: what is recorded, what its owner is notified of and can undo."""
