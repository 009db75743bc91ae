"""Pages of requests for people: filing and following one, its picture and copy; stopping a deletion; calendars."""
