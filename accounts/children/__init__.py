"""What a guardian does for a child: see, correct, copy, withdraw, cancel and delete."""
