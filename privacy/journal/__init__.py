"""The erasure journal, outside both databases: what a restored portal would not know."""
