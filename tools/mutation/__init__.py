"""Changes the code of the rooms that keep the promises, one small fault at a time, and sees whether a test notices."""
