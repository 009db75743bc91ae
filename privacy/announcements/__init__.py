"""Announces a material version of the policy to everyone whose consent it replaces."""
