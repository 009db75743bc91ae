"""The operator's optional purposes (1.4 of the sample policy), from the file that `OPTIONAL_PURPOSES_FILE` names."""

import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from privacy.inventory.purposes import NECESSARY, Purpose
from privacy.jurisdictions.texts import localised

_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_TEXTS = ("label", "description", "consequence")


class PurposesMalformed(ValueError):
    """The file of optional purposes does not have the form that its first lines describe."""


def read_optional_purposes(file: str) -> tuple[Purpose, ...]:
    """Return the optional purposes that a TOML file declares, in its order. An empty file declares none.

    Raises `PurposesMalformed` for a missing or malformed key or text, `OSError` for an unreadable file, and
    `ValueError` for a file that is not TOML.
    """
    declared = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    return tuple(_purpose(key, table) for key, table in declared.items())


def _purpose(key: str, table: Any) -> Purpose:
    if not _KEY.fullmatch(key) or key in NECESSARY:
        raise PurposesMalformed(
            f"{key!r} is no key of an optional purpose: small letters, digits and _, up to 32, "
            f"and none of {', '.join(NECESSARY)}"
        )
    if not isinstance(table, dict):
        raise PurposesMalformed(f"[{key}] must be a table")
    _refuse_unknown(key, table)
    if not isinstance(table.get("retired", False), bool):
        raise PurposesMalformed(f"[{key}] retired must be true or false")
    texts = {name: localised(_checked(key, name, table.get(name))) for name in _TEXTS}
    return Purpose(key, optional=True, is_retired=table.get("retired", False), **texts)  # type: ignore[arg-type]


def _refuse_unknown(key: str, names: Collection[str]) -> None:
    if unknown := sorted(set(names) - {*_TEXTS, "retired"}):
        raise PurposesMalformed(f"[{key}] may have {', '.join(_TEXTS)} and retired; it has {', '.join(unknown)}")


def _checked(key: str, name: str, by_language: Any) -> dict[str, str]:
    is_texts = isinstance(by_language, dict) and all(
        isinstance(text, str) and text.strip() for text in by_language.values()
    )
    if not is_texts or "en" not in by_language:
        raise PurposesMalformed(f"[{key}] needs {name} as a table of texts by language, `en` among them")
    return {language.lower(): text for language, text in by_language.items()}
