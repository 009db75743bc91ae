"""The sign-in identity."""
