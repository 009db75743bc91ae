"""Cancel, cooling-off, erase, receipt."""
