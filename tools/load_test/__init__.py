"""Makes people for a load test: verified accounts with known passwords and tokens."""
