"""A material version of the policy is announced to everybody whose consent it replaces."""
