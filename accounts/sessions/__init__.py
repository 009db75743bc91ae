"""Sessions and known devices."""
