"""The engines that are compared, each behind the same small interface, a file each.

Light on purpose: a cold start is timed with this module in the process.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

Document = tuple[int, str, str]
"""A document: number, title, body."""

NAMES = ("kashaf", "tantivy", "lucene", "sqlite", "sqlite_stemmed", "whoosh", "bm25s")
"""The modules of this package, in the order of the table."""

MEMORY = 256
"""The budget of every writer, in megabytes."""

WIDTH = 220
"""Characters of a snippet, about."""


class Engine:
    """One engine.

    Attributes:
        title: its name in the table.
        arabic: what it knows of Arabic, as it is set up here.
        threads: it can index on two cores.
        pages: it stores the text and can quote it in snippets.
        phrases: it has phrase queries.
        slow: it indexes so slowly that once is enough.
    """

    title = ""
    arabic = ""
    threads = True
    pages = True
    phrases = True
    slow = False

    def about(self, job: dict[str, Any]) -> dict[str, Any]:
        """What it is, for the harness."""
        names = ("title", "arabic", "threads", "pages", "phrases", "slow")
        return {name: getattr(self, name) for name in names} | {"version": self.version()}

    def version(self) -> str:
        """The version at hand."""
        raise NotImplementedError

    def index(self, documents: Sequence[Document], path: Path, jobs: int) -> None:
        """Index title and body with positions, and store both, durably, in a new folder."""
        raise NotImplementedError

    def open(self, path: Path) -> None:
        """Open what `index` made; the searches that follow are in it."""
        raise NotImplementedError

    def ids(self, query: str, k: int) -> list[int]:
        """The numbers of the k best documents that have any word of the query."""
        raise NotImplementedError

    def page(self, query: str, k: int) -> list[tuple[str, str]]:
        """Title and marked snippet of each of the k best."""
        raise NotImplementedError

    def phrase(self, first: str, second: str, k: int) -> list[int]:
        """The numbers of the k best documents with one word right after the other."""
        raise NotImplementedError

    def stored_bytes(self, path: Path) -> int | None:
        """How much of the index on disk is stored text, in bytes; None: cannot be told apart."""
        return None


def load(name: str) -> Engine:
    """The engine of a module of this package."""
    engine: Engine = import_module(f".{name}", __name__).ENGINE()
    return engine
