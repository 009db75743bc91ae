"""dj-rest-auth with tokens and with registration by allauth, as its documentation sets it up."""
