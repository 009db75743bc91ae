"""Types of what a package declares in `operations.py` (sweeps, watched figures, permissions), and their collection."""
