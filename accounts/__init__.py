"""Who signs in, and what they told us."""
