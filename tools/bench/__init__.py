"""Benchmarks: each work against a floor measured in the same run, as a ratio of medians."""
