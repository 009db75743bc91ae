"""The documents that were given beside the checkout, each read once for all tests of a process."""

import functools
from pathlib import Path

from privacy.policies.importing import read_policy
from privacy.policies.reading import ImportedText


@functools.cache
def read_given(file: Path) -> ImportedText:
    """Return what is read of a document."""
    return read_policy(file.read_bytes(), file.name)
