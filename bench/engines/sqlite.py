"""SQLite FTS5 on the text as it is, as most use it: no stems, but snippets of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from . import Document, Engine

TABLE = 'CREATE VIRTUAL TABLE words USING fts5(title, body, tokenize = "{tokenize}")'
TOKENIZE = "unicode61 remove_diacritics 2 categories 'L* N* Co Mn'"
BEST = "FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?"
PAGE = f"SELECT title, snippet(words, 1, '«', '»', '…', 32) {BEST}"
IDS = f"SELECT rowid {BEST}"


class Sqlite(Engine):
    title = "SQLite FTS5"
    arabic = "none: words as they are written, marks included"
    threads = False

    def version(self) -> str:
        return sqlite3.sqlite_version

    def index(self, documents: Sequence[Document], path: Path, jobs: int) -> None:
        connection = create_database(path)
        connection.execute(TABLE.format(tokenize=TOKENIZE))
        with connection:
            connection.executemany(
                "INSERT INTO words(rowid, title, body) VALUES(?, ?, ?)", documents
            )
            connection.execute("INSERT INTO words(words) VALUES('optimize')")
        connection.close()

    def open(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}/index.db?mode=ro", uri=True)
        self._connection.execute("SELECT count(*) FROM words_config").fetchone()

    def ids(self, query: str, k: int) -> list[int]:
        return self._numbers(any_of(query.split()), k)

    def page(self, query: str, k: int) -> list[tuple[str, str]]:
        return self._connection.execute(PAGE, (any_of(query.split()), k)).fetchall()

    def phrase(self, first: str, second: str, k: int) -> list[int]:
        return self._numbers(f'"{first} {second}"', k)

    def stored_bytes(self, path: Path) -> int | None:
        return self._bytes_of(path, "words_content", ("c0", "c1"))

    def _bytes_of(self, path: Path, table: str, columns: Sequence[str]) -> int:
        """The bytes of a table's texts: what of the file it takes, but for the page borders."""
        self.open(path)
        lengths = " + ".join(f"length(CAST({column} AS BLOB))" for column in columns)
        row = self._connection.execute(f"SELECT sum({lengths}) FROM {table}").fetchone()
        return int(row[0] or 0)

    def _numbers(self, match: str, k: int) -> list[int]:
        return [number for (number,) in self._connection.execute(IDS, (match, k))]


def any_of(words: Iterable[str]) -> str:
    """A query for documents that have any of some words."""
    return " OR ".join(f'"{word}"' for word in words)


def create_database(path: Path) -> sqlite3.Connection:
    """A new database in a folder."""
    connection = sqlite3.connect(path / "index.db")
    connection.execute("PRAGMA page_size = 8192")
    return connection


ENGINE = Sqlite
