"""Security events of an account: records, notices to the owner, and changes that can be undone."""
