"""The only room that imports allauth: sign-in, contact points, codes, recovery, sessions, limits."""
