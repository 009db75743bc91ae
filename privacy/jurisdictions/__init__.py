"""Controllers, law and periods, as data."""
