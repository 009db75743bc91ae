"""The people of one enterprise (1.1.2 of the sample policy): members with a role, and invitations to join."""
