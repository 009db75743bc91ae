"""The portal beside other ways to sign people up and in, over HTTP: djoser, dj-rest-auth and allauth headless."""
