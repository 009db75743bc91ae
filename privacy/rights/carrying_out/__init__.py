"""Carry out what needs no member of staff: a module for each kind of right, by the services of other packages."""
