"""What to ask, and register whoever answers, for apps."""
