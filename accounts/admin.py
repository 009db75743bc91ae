"""Loads what staff see of every package, where Django looks for it."""

from privacy.operations.collecting import modules

modules("accounts", "admin")
