"""The erasure journal: what a restored portal would have forgotten, kept outside both databases."""
