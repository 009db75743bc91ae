"""Pages of staff for requests. Loads those that are registered, where the portal looks for them."""

from privacy.rights.admin import requests

__all__ = ["requests"]
