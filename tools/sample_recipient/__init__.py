"""A recipient to try webhooks with."""
