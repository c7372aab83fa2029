"""The documents that all engines index: id, title, body.

A corpus to read is JSON lines, gzipped or not. For the run it is laid out as lines of
`number TAB title TAB body`, so that reading it costs every engine the same and little.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, cast

LINE_BREAK = "\u2028"
"""Stands for a line break inside a laid-out document."""

Article = tuple[str, str]
"""Title and body."""


def opened(path: Path, mode: str) -> IO[str]:
    """A text file, gzipped if its name says so."""
    if path.suffix == ".gz":
        return cast(IO[str], gzip.open(path, mode, 5, "utf-8"))
    return cast(IO[str], path.open(mode, encoding="utf-8"))


def articles(path: Path) -> Iterator[Article]:
    """The articles of a file of JSON lines with `title` and `body`."""
    with opened(path, "rt") as lines:
        for line in lines:
            row = json.loads(line)
            yield row.get("title") or "", row.get("body") or ""


def lay_out(found: Iterable[Article], path: Path) -> int:
    """Write articles for the run; return the bytes of their text."""
    total = 0
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for number, (title, body) in enumerate(found):
            out.write(f"{number}\t{_one_line(title)}\t{_one_line(body)}\n")
            total += len(title.encode()) + len(body.encode())
    return total


def read(path: Path) -> Iterator[tuple[int, str, str]]:
    """The documents of a file that `lay_out` wrote."""
    with path.open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            number, title, body = line.rstrip("\n").replace(LINE_BREAK, "\n").split("\t")
            yield int(number), title, body


def _one_line(text: str) -> str:
    return (
        "\n".join(text.split("\r\n"))
        .replace("\r", "\n")
        .replace("\t", " ")
        .replace("\n", LINE_BREAK)
    )
