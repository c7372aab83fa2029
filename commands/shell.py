"""`kashaf shell`: a prompt that searches line by line, with history."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from .options import bidi_option, color_option, index_option
from .places import open_index
from .showing import FOUND, echo, style_of

if TYPE_CHECKING:
    from ..search import Index
    from ..search.display import Style

HELP = """\
A query searches. A line that begins with a sign refines:
  +words   the last query, which must also have these words
  -words   the last query without these words
  :n :p    the next page, the page before
  :3       hit 3 in full
  :match R the widest rung: written, spelling, stem or root
  :? :q    this help, the end"""


class Session:
    """The state of a prompt: the query so far, the page, the rung.

    Args:
        index: what is searched.
        style: how it is shown.
        number: hits on a page.
    """

    def __init__(self, index: Index, style: Style, number: int = 10) -> None:
        self._index = index
        self._style = style
        self._number = number
        self._query = ""
        self._offset = 0
        self._match: Any = "root"

    def answer(self, line: str) -> Iterator[str]:
        """What to print for a line that was typed."""
        line = line.strip()
        if line.startswith(":"):
            yield from self._command(line[1:].strip())
        elif line:
            refines = line[0] in "+-" and line[1:].strip() and self._query
            self._query = f"+({self._query}) {line[0]}({line[1:]})" if refines else line
            self._offset = 0
            yield from self._page()

    def _command(self, command: str) -> Iterator[str]:
        name, _, argument = command.partition(" ")
        if name in ("n", "p") and self._query:
            step = self._number if name == "n" else -self._number
            self._offset = max(self._offset + step, 0)
            yield from self._page()
        elif name.isdecimal() and self._query:
            yield from self._hit(int(name))
        elif name == "match":
            from ..search.names import RUNG_NAMES

            self._match = RUNG_NAMES.get(argument.strip(), argument.strip())
            self._offset = 0
            if self._query:
                yield from self._page()
        else:
            yield HELP

    def _page(self) -> Iterator[str]:
        from ..search import display

        try:
            page = self._index.search(self._query, self._number, self._offset, self._match)
        except UsageError as error:
            self._match = "root"
            yield str(error)
            return
        yield from display.as_text(page, self._style)

    def _hit(self, rank: int) -> Iterator[str]:
        if rank < 1:
            return
        page = self._index.search(self._query, 1, rank - 1, self._match)
        if not page.hits:
            yield f"only {page.total} found"
        for hit in page:
            for name, value in hit.fields.items():
                yield f"{self._style.bold(name)}: {self._style.text(str(value))}"


@click.command()
@index_option
@click.option("-n", "--number", default=10, show_default=True, help="Hits on a page.")
@color_option
@bidi_option
def shell(place: str | None, number: int, color: str, bidi: str) -> int:
    """Search line by line, refining as you go."""
    style = style_of(color, bidi)
    session = Session(open_index(place), style, number)
    history = _history()
    click.echo(HELP)
    while (line := _read()) is not None and line.strip() not in (":q", ":quit"):
        echo(session.answer(line), style)
    if history:
        import readline

        readline.write_history_file(history)
    return FOUND


def _read() -> str | None:
    try:
        return input("kashaf> ")
    except (EOFError, KeyboardInterrupt):
        click.echo()
        return None


def _history() -> Path | None:
    """The file of lines typed before, read in; None where lines cannot be edited."""
    try:
        import readline
    except ImportError:
        return None
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    file = Path(base) / "kashaf" / "history"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists():
            readline.read_history_file(file)
    except OSError:
        return None
    return file
