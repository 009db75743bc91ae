"""`make bench`: run every benchmark and print one table."""

import os
import tempfile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-bench-")
os.environ.setdefault("PORTAL_ENV", "development" if "DATABASE_URL" in os.environ else "embedded")
os.environ.setdefault("RATE_LIMITS", "off")

import django

django.setup()

from bench.rounds import print_table
from bench.sealing import sealing_against_aes

if __name__ == "__main__":
    print_table([sealing_against_aes()])
