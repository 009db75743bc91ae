"""Children below the age of consent: the age question, and the parent or guardian who agrees for them."""
