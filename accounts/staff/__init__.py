"""What staff may do, and what they do with people's data."""
