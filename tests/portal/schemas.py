"""Prints the schema of both databases as JSON, after migrating them on one of the ways that a portal may have come."""

import functools
import json
import re
import sys

import django
from django.core.management import call_command
from django.db import connections
from django.db.migrations import executor as executors
from django.db.migrations.loader import MigrationLoader

# What migrations were before they were squashed: the last of each application, and one half on the way there.
LAST = [("privacy", "0027_two_people_release"), ("accounts", "0017_sign_in_resets")]
MIDDLE = [("privacy", "0016_urgent_notices"), ("accounts", "0011_epochs_and_codes")]
BEFORE_OTHERS = [("privacy", "0010_recipients"), ("accounts", "0007_recipients")]
WAYS = {"at once": None, "one by one": LAST, "from half": MIDDLE, "from before the others": BEFORE_OTHERS}

POSTGRESQL = {
    "columns": "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE NOT tgisinternal",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    "options": "SELECT relname, reloptions::text FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r'",
}


def migrate(way):
    """Migrate both databases: at once, or through the migrations that were squashed, and then as an upgrade does."""
    if WAYS[way]:
        loader = executors.MigrationLoader
        executors.MigrationLoader = functools.partial(MigrationLoader, replace_migrations=False)
        for alias in ("keys", "default"):
            executors.MigrationExecutor(connections[alias]).migrate(WAYS[way])
        executors.MigrationLoader = loader
    for alias in ("keys", "default"):
        call_command("migrate", database=alias, verbosity=0)
    call_command("createcachetable", verbosity=0)


def schema_of(connection):
    """Return everything that a database has but rows, each kind as a sorted list of texts."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            found = {}
            for kind, query in POSTGRESQL.items():
                cursor.execute(query)
                found[kind] = sorted(map(repr, cursor.fetchall()))
            return found
        cursor.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        return {"all": sorted(f"{kind} {name} {ordered(sql)}" for kind, name, sql in cursor.fetchall())}


def ordered(sql):
    """Return a statement with the columns and constraints of a table in one order: that of their names."""
    head, bracket, body = re.sub(r"\s+", " ", sql).partition("(")
    if not head.startswith("CREATE TABLE"):
        return sql
    parts, depth = [""], 0
    for character in body.rpartition(")")[0]:
        depth += (character == "(") - (character == ")")
        parts = [*parts, ""] if character == "," and not depth else [*parts[:-1], parts[-1] + character]
    return head + bracket + ", ".join(sorted(part.strip() for part in parts))


if __name__ == "__main__":
    django.setup()
    migrate(sys.argv[1])
    json.dump({alias: schema_of(connections[alias]) for alias in ("default", "keys")}, sys.stdout)
