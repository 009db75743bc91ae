"""Registration over REST: the fields of the form, long lists of choices, and the registration itself."""
