"""How often people and attackers try: waits that grow, failures in a row, and totals over everybody."""
