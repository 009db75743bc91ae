"""Controllers, law and clocks, as data."""
