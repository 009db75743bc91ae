"""Documents, versions, clauses, import, differences and publication of the policy."""
