"""HTTP: URLs, the REST root, middleware, errors, health checks and the admin site."""
