"""Signing in, verifying, recovering and keeping an account safe, for apps."""
