"""What templates of staff pages ask of several packages."""
