"""What the services of the portal need to know of a person, what of it is missing, and the pages that ask for it."""
