"""The language and the time format of the person who reads a page or a message."""
