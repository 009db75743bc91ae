"""People choose their language and time format."""
