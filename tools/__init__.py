"""Programs around the portal: measuring it, testing its tests, searching its stores for traces of people."""
