"""Documents, versions, clauses, import, differences, publication."""
