"""Loads the models of every package from the module where Django looks for them."""

from privacy.operations.collecting import modules

modules("accounts", "models")
