"""Messages to people: sealed, sent, then deleted."""
