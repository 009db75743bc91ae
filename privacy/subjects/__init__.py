"""The nameless person."""
