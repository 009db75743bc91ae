"""Loads the admin of every package from the module where Django looks for it."""

from privacy.operations.collecting import modules

modules("accounts", "admin")
