"""Staff: roles, staff accounts, and their acts on people's data."""
