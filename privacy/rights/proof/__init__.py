"""Proof of who asks: codes, documents and their pictures, and what a browser proved."""
