"""The only package that imports allauth: sign-in, contact points, codes, recovery, sessions, limits."""
