"""Bodies of requests and answers that do not fit in memory: unnamed files, encrypted under keys that are nowhere else.

A licence that a person uploads, and a picture or copy that they get, never reaches a disk in clear.
"""

import io
import os
from tempfile import TemporaryFile
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from waitress.buffers import TempfileBasedBuffer

_BLOCK, _KEY_BYTES = 16, 32


class SealedFile(io.BufferedIOBase):
    """An unnamed file; AES-256-CTR, so that any part can be read. Each place is written once."""

    def __init__(self) -> None:
        super().__init__()
        self._file = TemporaryFile("w+b")  # noqa: SIM115 - closed with this one
        self._cipher = algorithms.AES256(os.urandom(_KEY_BYTES))

    def write(self, data: Any) -> int:
        """Encrypt and append."""
        return self._file.write(self._turned(bytes(data), self._file.tell()))

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes, decrypted."""
        at = self._file.tell()
        return self._turned(self._file.read(-1 if size is None else size), at)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def _turned(self, data: bytes, at: int) -> bytes:
        """Encrypt or decrypt bytes at a place: both are the same."""
        block, skipped = divmod(at, _BLOCK)
        # The key is of this file alone, so that the counter begins at zero.
        turned = (
            Cipher(self._cipher, modes.CTR(block.to_bytes(_BLOCK, "big"))).encryptor().update(bytes(skipped) + data)
        )
        return turned[skipped:]


def seal_what_overflows() -> None:
    """Let waitress put what does not fit in memory, of requests and of answers, into sealed files (decision 38)."""
    TempfileBasedBuffer.newfile = lambda _buffer: SealedFile()
