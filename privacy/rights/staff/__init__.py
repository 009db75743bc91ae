"""What staff do with requests beside answering them: take, import, read and count them, and see what is due."""
