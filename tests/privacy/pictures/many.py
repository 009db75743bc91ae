"""Draw many files in one sandbox, each as the real child does. Writes a line for each: a code, `ok`, or an error."""

import sys

from privacy.pictures import drawing


def main() -> None:
    """Read files from standard input, each behind its length in a line."""
    files, entry = [], sys.stdin.buffer
    while line := entry.readline():
        files.append(entry.read(int(line)))
    drawing.prepare()
    for data in files:
        try:
            said = f"ok {len(list(drawing.draw(data)))}"
        except drawing.Refused as reason:
            said = str(reason)
        except Exception as error:  # noqa: BLE001 - the test says which
            said = f"error {type(error).__name__}"
        sys.stdout.write(f"{said}\n")


main()
