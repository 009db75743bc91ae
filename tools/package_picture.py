"""Draw the packages and their allowed imports, from the import contracts: `python -m tools.package_picture`.

The picture is `docs/packages.svg`. A package may import those below it in its column, and those of the columns to the
right.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "packages.svg"
# From left to right: each app may import the apps after it.
APPS = ("portal", "accounts", "privacy")
MADE_BY_DJANGO = {"templatetags"}
WIDTH, BOX, GAP, TOP, COLUMN_GAP = 300, 30, 8, 76, 44
RULE = "A package may import the packages below it, and those of the columns to the right."
SVG = "http://www.w3.org/2000/svg"
STYLE = """
    .page { fill: #ffffff } .column { fill: #f3f4f6; stroke: #9ca3af } .box { fill: #ffffff; stroke: #4b5563 }
    text { fill: #111827; font: 14px system-ui, sans-serif; text-anchor: middle } .name { font-weight: 600 }
    .arrow { stroke: #4b5563; stroke-width: 2 } .head { fill: #4b5563 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #111827 } .column { fill: #1f2937; stroke: #6b7280 } .box { fill: #111827; stroke: #9ca3af }
      text { fill: #f3f4f6 } .arrow { stroke: #9ca3af } .head { fill: #9ca3af }
    }
"""


def main() -> None:
    PICTURE.write_text(picture(), encoding="utf-8")


def picture() -> str:
    """Return the picture as SVG."""
    columns = {app: layers_of(app) for app in APPS}
    width = COLUMN_GAP + len(APPS) * (WIDTH + COLUMN_GAP)
    height = TOP + max(map(_height, columns.values())) + COLUMN_GAP
    said = "; ".join(f"{app}, from the top down: {_in_words(layers)}" for app, layers in columns.items())
    lines = [
        f'<svg xmlns="{SVG}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc">',
        '  <title id="title">Packages of the project, and which of them may import which</title>',
        f'  <desc id="desc">{escape(said)}.</desc>',
        f"  <style>{STYLE}  </style>",
        f'  <rect class="page" width="{width}" height="{height}"/>',
        f'  <text x="{width // 2}" y="26">{RULE}</text>',
    ]
    for number, (app, layers) in enumerate(columns.items()):
        left = COLUMN_GAP + number * (WIDTH + COLUMN_GAP)
        lines += _column(app, layers, left)
        if number:
            lines += _arrow(left - COLUMN_GAP, left)
    return "\n".join([*lines, "</svg>", ""])


def layers_of(app: str) -> list[list[str]]:
    """Return the packages of an app by layer, the highest first, as its import contract orders them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    [contract] = [one for one in contracts if one["type"] == "layers" and one.get("containers") == [app]]
    layers = ([name for name in re.findall(r"\w+", layer) if _is_there(app, name)] for layer in contract["layers"])
    return [layer for layer in layers if layer]


def _is_there(app: str, name: str) -> bool:
    """Whether a layer of a contract is a package that exists."""
    return name not in MADE_BY_DJANGO and (ROOT / app / name / "__init__.py").exists()


def _column(app: str, layers: Sequence[Sequence[str]], left: int) -> Iterator[str]:
    yield f'  <rect class="column" x="{left}" y="44" width="{WIDTH}" height="{_height(layers) + TOP - 44}" rx="8"/>'
    yield f'  <text class="name" x="{left + WIDTH // 2}" y="66">{app}</text>'
    for row, names in enumerate(layers):
        share = (WIDTH - GAP) // len(names)
        for place, name in enumerate(names):
            x, y = left + GAP + place * share, TOP + row * (BOX + GAP)
            yield f'  <rect class="box" x="{x}" y="{y}" width="{share - GAP}" height="{BOX}" rx="4"/>'
            yield f'  <text x="{x + (share - GAP) // 2}" y="{y + 20}">{name}</text>'


def _arrow(start: int, end: int) -> Iterator[str]:
    y = TOP + BOX // 2
    yield f'  <line class="arrow" x1="{start + 4}" y1="{y}" x2="{end - 12}" y2="{y}"/>'
    yield f'  <path class="head" d="M{end - 14} {y - 6} L{end - 3} {y} L{end - 14} {y + 6} Z"/>'


def _height(layers: Sequence[Sequence[str]]) -> int:
    return len(layers) * (BOX + GAP)


def _in_words(layers: Sequence[Sequence[str]]) -> str:
    return ", ".join(" and ".join(names) for names in layers)


if __name__ == "__main__":
    main()
