"""Benchmarks: each work compared with a floor of the same run, as a ratio of medians."""
