"""Signing in by allauth: steps of a sign-in, recovery, security settings, undoing changes."""
