"""allauth with its API for apps, and with its own pages, as its documentation sets them up."""
