"""`DataSubject`: a person without a name."""
