"""`manage.py minors_figures YEAR`: the yearly figures of children's data, as CSV."""

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from privacy.guardians.yearly import yearly_figures


class Command(BaseCommand):
    """Writes one line for each country and act of guardians in a year, and how many children have an account now."""

    help = "Write the yearly figures of children's data as CSV: country, what, how many."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them."""
        table = csv.writer(self.stdout, lineterminator="\n")
        table.writerow(("country", "what", "count"))
        table.writerows(yearly_figures(options["year"]))
