"""Tools: benchmarks, mutation tests, the search for traces of people, load-test data."""
