"""Individual and enterprise sign-up: one service for page and REST."""
