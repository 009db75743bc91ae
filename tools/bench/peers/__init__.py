"""The portal compared with djoser, dj-rest-auth and allauth headless, over HTTP."""
