"""Registration of individuals and enterprises: one service for page and REST."""
