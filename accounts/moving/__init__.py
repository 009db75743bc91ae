"""Moving to another country: within a jurisdiction a correction, across jurisdictions a new person with new keys."""
