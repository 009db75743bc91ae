"""Mail servers of their own that hang or refuse."""

import socket
import socketserver
import threading
from types import TracebackType
from typing import Self


class HangingMail:
    """Accepts every connection and never says a word."""

    def __enter__(self) -> Self:
        """Start it."""
        self.server = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"smtp://127.0.0.1:{self.server.getsockname()[1]}"
        self.connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        self.server.close()
        for connection in self.connections:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                self.connections.append(self.server.accept()[0])
            except OSError:
                return


class _Refusing(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        for line in self.rfile:
            refused = line.upper().startswith(b"RCPT")
            self.wfile.write(b"550 no mailbox of " + line if refused else b"250 mail\r\n")


class RefusingMail:
    """Refuses every recipient for good, and repeats the address."""

    def __enter__(self) -> Self:
        """Start it."""
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Refusing)
        self.server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Stop it."""
        self.server.shutdown()
        self.server.server_close()
