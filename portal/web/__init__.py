"""What the portal answers over HTTP: the root of pages and of REST, middleware, health and the admin site."""
