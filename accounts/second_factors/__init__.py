"""Authenticator apps, recovery codes and passkeys."""
