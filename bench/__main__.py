"""`make bench`: run every benchmark and print one table."""

import os
import tempfile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-bench-")
os.environ["PORTAL_ENV"] = "embedded"
for name in ("DATABASE_URL", "KEYS_DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)

import django
from django.core.management import call_command

django.setup()
call_command("migrate", database="keys", verbosity=0)

from bench.rounds import print_table
from bench.sealing import sealing_against_aes

if __name__ == "__main__":
    print_table([sealing_against_aes()])
