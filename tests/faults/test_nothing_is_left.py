"""People use a portal fully and are erased: no store has a trace, and planted values are found."""

import base64
import gzip
import html
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import redis

from tests.faults.lives import Codes, Life, live, lives
from tests.faults.servers import OwnPostgres, OwnRedis
from tests.faults.worlds import ROOT, World, served, wait_until

# A server that logs every statement with its values, which is a wrong configuration.
CRUEL = ("-c log_statement=all", "-c log_min_duration_statement=0", "-c log_parameter_max_length=-1")
KEEPS_ALL = ("--appendonly", "yes", "--save", "3600 1")
AT_ONCE = 8
# A gigabyte of needles is enough.
AT_A_TIME = 50
LEFT_TO_DO = """
answer([ErasureCase.objects.exclude(state="erased").count(), Notice.objects.filter(state="queued").count()])
"""


def live_and_be_erased(portal: World, people: list[Life]) -> None:
    codes = Codes(portal.folder / "var" / "outbox")
    with served(portal) as address:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda life: live(address, codes, life), people))
        wait_until(lambda: portal.run(LEFT_TO_DO) == [0, 0], 300)
    found = portal.run("answer(outcome())")
    assert (found["erased"], found["rows of the erased"]) == (len(people), 0)


def find_traces(portal: World, people: list[Life], planted: list[str], *also: Path) -> dict[str, str]:
    """Search for all values of people and planted ones by the operator's command; return the findings."""
    values = [*planted, *(value for life in people for value in life.values)]
    command = [sys.executable, str(ROOT / "manage.py"), "find_traces"]
    command += [word for path in also for word in ("--also", str(path))]
    done = subprocess.run(
        command,
        input="\n".join(values),
        env=portal.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, str] = {}
    for line in re.findall(r"^Line (\d+) found in (.*)$", done.stdout, re.MULTILINE):
        value = values[int(line[0]) - 1]
        found[value] = found.get(value, "") + line[1] + "\n"
    return found


def plant_in_files(folder: Path) -> dict[str, tuple[str, str]]:
    """Plant one value in each kind of file, in an encoding of its own; return where it must be found."""
    planted = {
        "media": ("Größenwahn der Medien 1", "/var/media/2026/…, byte 300, as UTF-16 BE"),
        "name": ("Größenwahn der Namen 2", "the name of var: "),
        "log": ("Größenwahn der Logs 3", "portal.log, byte"),
        "message": ("Größenwahn der Nachrichten 4", "/var/broker/message.msg, byte"),
        "archive": ("Größenwahn der Archive 5", "logs.tar.gz, unpacked, file old.gz, unpacked, byte"),
    }
    media = folder / "var" / "media" / "2026"
    media.mkdir(parents=True)
    (media / f"{planted['name'][0]}.pdf").write_bytes(b"\0" * 300 + planted["media"][0].encode("utf-16-be"))
    with (folder / "portal.log").open("a") as log:
        log.write(json.dumps({"level": "info", "who": planted["log"][0]}))
    body = base64.b64encode(json.dumps([[planted["message"][0]], {}]).encode()).decode()
    (folder / "var" / "broker").mkdir(exist_ok=True)
    (folder / "var" / "broker" / "message.msg").write_text(json.dumps({"body": body}))
    with tarfile.open(folder / "logs.tar.gz", "w:gz") as archive:
        (folder / "old.gz").write_bytes(gzip.compress(quote(planted["archive"][0]).encode()))
        archive.add(folder / "old.gz", arcname="old.gz")
    (folder / "old.gz").unlink()
    return planted


def plant_in_sqlite(file: Path) -> tuple[sqlite3.Connection, dict[str, tuple[str, str]]]:
    """Plant a value in a table, and a deleted one, which the write-ahead log has while a connection is open."""
    planted = {
        "table": ("Größenwahn der Tabellen 6", "portal.sqlite3, table diary, byte"),
        "deleted": ("Größenwahn der Lücken 7", "portal.sqlite3-wal, byte"),
    }
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("CREATE TABLE diary (entry)")
    database.execute("INSERT INTO diary VALUES (?)", [planted["table"][0].encode("gb18030")])
    database.execute("INSERT INTO diary VALUES (?)", [html.escape(planted["deleted"][0]).encode().hex()])
    database.execute("DELETE FROM diary WHERE typeof(entry) = 'text'")
    return database, planted


def plant_in_postgresql(environment: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Plant a value in a table of each database, a deleted one, and one in a statement that fails."""
    planted = {
        "dump": ("Größenwahn der Tabellen 6", "dump of default, table public.diary, byte"),
        "dump of keys": ("Größenwahn der Schlüssel 7", "dump of keys, table public.diary, byte"),
        "data files": ("Größenwahn der Lücken 8", "data files: "),
        "write-ahead log": ("Größenwahn der Seiten 9", "write-ahead log: "),
        "server log": ("Größenwahn der Fehler 10", "server log: "),
    }
    with psycopg.connect(environment["KEYS_DATABASE_URL"], autocommit=True) as keys:
        keys.execute("CREATE TABLE diary (entry text)")
        keys.execute(
            "INSERT INTO diary VALUES (%s)", [base64.b64encode(f"xy{planted['dump of keys'][0]}".encode()).decode()]
        )
    with psycopg.connect(environment["DATABASE_URL"], autocommit=True) as database:
        database.execute("CREATE TABLE diary (entry bytea)")
        database.execute("INSERT INTO diary VALUES (%s)", [planted["dump"][0].encode("utf-16-le")])
        for name in ("data files", "write-ahead log"):
            database.execute("INSERT INTO diary VALUES (%s)", [planted[name][0].upper().encode()])
        database.execute("DELETE FROM diary WHERE length(entry) < 30")
        with pytest.raises(psycopg.Error):
            database.execute(f"SELECT '{planted['server log'][0]}' FROM nowhere")  # noqa: S608 - it shall fail
    return planted


def plant_in_redis(url: str) -> dict[str, tuple[str, str]]:
    """Plant a value in a key, one that is only in the snapshot, and one that is only in the append-only file."""
    planted = {
        "key": ("Größenwahn der Tasten 11", "Redis, list diary, byte"),
        "snapshot": ("Größenwahn der Bilder 12", "dump.rdb, packed texts, byte"),
        "append-only file": ("Größenwahn der Anhänge 13", "appendonly.aof.1.incr.aof, byte"),
    }
    client = redis.Redis.from_url(url)
    client.rpush("diary", planted["key"][0].encode("ascii", "xmlcharrefreplace"))
    client.set("packed", "abc" * 100 + planted["snapshot"][0] + "abc" * 100)
    client.save()
    client.delete("packed")
    client.set("deleted", planted["append-only file"][0].encode().hex())
    client.delete("deleted")
    return planted


def assert_only_what_was_planted(
    portal: World, people: list[Life], planted: dict[str, tuple[str, str]], *also: Path
) -> None:
    found: dict[str, str] = {}
    for first in range(0, len(people), AT_A_TIME):
        some = people[first : first + AT_A_TIME]
        found |= find_traces(portal, some, [value for value, _place in planted.values()], *also)
    missed = {
        name: found.get(value, "") for name, (value, place) in planted.items() if place not in found.get(value, "")
    }
    assert missed == {}
    assert {value: where for value, where in found.items() if value not in dict(planted.values())} == {}


@pytest.mark.embedded
def test_nothing_is_left_in_files(portal: World, tmp_path: Path, many):
    people = lives(many(2, 40))
    live_and_be_erased(portal, people)
    database, planted = plant_in_sqlite(portal.folder / "var" / "portal.sqlite3")
    planted |= plant_in_files(portal.folder)
    portal.manage("backup", str(tmp_path / "backups"))
    planted["backup"] = (planted["table"][0], "/portal.backup, table diary, byte")
    also = [portal.folder / "portal.log", portal.folder / "logs.tar.gz", tmp_path / "backups"]
    assert_only_what_was_planted(portal, people, planted, *also)
    database.close()


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.skipif(not shutil.which("redis-server"), reason="no redis-server")
def test_nothing_is_left_in_servers(portal: World, tmp_path: Path, many):
    people = lives(many(4, 200))
    (tmp_path / "redis").mkdir()
    with OwnPostgres(*CRUEL) as postgres, OwnRedis(tmp_path / "redis", *KEEPS_ALL) as broker:
        portal.environment |= postgres.environment() | {"REDIS_URL": broker.url}
        postgres.fill()
        live_and_be_erased(portal, people)
        planted = plant_in_postgresql(postgres.environment()) | plant_in_redis(broker.url)
        planted |= plant_in_files(portal.folder)
        portal.manage("backup", str(tmp_path / "backups"))
        planted["backup"] = (planted["dump"][0], "/portal.backup, as SQL, table public.diary, byte")
        also = [portal.folder / "portal.log", portal.folder / "logs.tar.gz", tmp_path / "backups"]
        assert_only_what_was_planted(portal, people, planted, *also)
