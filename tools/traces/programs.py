"""Programs whose output is read through a pipe, so that it is never written to a disk."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from tools.traces.sources import CHUNK, DAMAGED, CannotRead, Readable, chunks_of


def output_of(command: list[str], environment: dict[str, str], given: Readable | None = None) -> Iterator[bytes]:
    """Yield the output of a program, which reads the stream `given`. Raises `CannotRead` where it fails."""
    try:
        program = subprocess.Popen(  # noqa: S603 - a fixed command
            command,
            env=environment,
            stdin=subprocess.PIPE if given else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except FileNotFoundError:
        raise CannotRead(f"needs {command[0]}: install PostgreSQL's client tools.") from None
    words: list[bytes] = []
    threads = [threading.Thread(target=_listen, args=(program.stderr, words))]
    if given:
        threads.append(threading.Thread(target=_feed, args=(given, program.stdin)))
    with program:
        for thread in threads:
            thread.start()
        yield from chunks_of(program.stdout)  # type: ignore[arg-type]  # a pipe, as requested above
        for thread in threads:
            thread.join()
    if program.returncode:
        raise CannotRead(f"{command[0]} failed: {b' '.join(words).decode(errors='replace').strip()}")


def _listen(errors: IO[bytes], words: list[bytes]) -> None:
    words.append(errors.read())


def _feed(given: Readable, program: IO[bytes]) -> None:
    # The exit status of the program shows errors, also of a stream that is too short or too long.
    with suppress(*DAMAGED), program:
        while piece := given.read(CHUNK):
            program.write(piece)
