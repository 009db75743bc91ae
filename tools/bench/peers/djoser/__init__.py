"""djoser with tokens, as its documentation sets it up."""
