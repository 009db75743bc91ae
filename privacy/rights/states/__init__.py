"""Change the state of an item or of a request."""
