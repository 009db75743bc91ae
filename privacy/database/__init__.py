"""What makes asking cheap: connections that are looked at instead of asked, and queries that are compiled once.

Named as the `ENGINE` of a PostgreSQL database.
"""
