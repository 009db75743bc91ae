"""Phone numbers, e-mail addresses and the codes that verify them."""
