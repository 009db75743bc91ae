"""A proxy before several hosts: each connection goes to the next host, and to another only where connecting fails."""

import asyncio
import itertools
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

CONNECT_SECONDS = 3


class RoundRobin:
    """Passes bytes on, as a proxy of layer 4 does; never sends twice what a host may have read."""

    def __init__(self, *hosts: str) -> None:
        self.hosts = [(host, int(port)) for host, _colon, port in (host.rpartition(":") for host in hosts)]
        self.turns = itertools.count()
        self.passed_over = self.nobody = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self) -> Self:
        """Listen on a port of this machine."""
        self.thread.start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.server = asyncio.run_coroutine_threadsafe(serving, self.loop).result(10)
        self.address = "http://127.0.0.1:{1}".format(*self.server.sockets[0].getsockname())
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close."""
        self.loop.call_soon_threadsafe(self.server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def _serve(self, visitor: asyncio.StreamReader, to_visitor: asyncio.StreamWriter) -> None:
        found = await self._next_host()
        if found is None:
            self.nobody += 1
            to_visitor.close()
            return
        host, to_host = found
        await asyncio.gather(_pass(visitor, to_host), _pass(host, to_visitor))

    async def _next_host(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        first = next(self.turns)
        for number in range(len(self.hosts)):
            address = self.hosts[(first + number) % len(self.hosts)]
            try:
                return await asyncio.wait_for(asyncio.open_connection(*address), CONNECT_SECONDS)
            except OSError:
                self.passed_over += 1
        return None


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(2**16):
            target.write(data)
            await target.drain()
    with suppress(OSError):
        target.close()
        await target.wait_closed()
