"""The operator's branding: name, colours, logo and links."""
