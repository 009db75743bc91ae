"""Steps of requests in the journal, and what is done with them after a restore."""
