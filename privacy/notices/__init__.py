"""A message to a person: sealed, sent, forgotten."""
