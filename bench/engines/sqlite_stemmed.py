"""SQLite FTS5 over words that Snowball stemmed before: the Arabic work of tantivy.

The index cannot quote the source, because it never saw it: no page with snippets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import Stemmer

from . import Document
from .sqlite import Sqlite, any_of, create_database

TABLES = """
CREATE TABLE texts(number INTEGER PRIMARY KEY, title, body);
CREATE VIRTUAL TABLE words USING fts5(title, body, content = '',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn'")
"""
WORD = re.compile(r"[\w\u064b-\u0652\u0670]+")


class SqliteStemmed(Sqlite):
    title = "SQLite FTS5 on stems"
    arabic = "Snowball Arabic stems (PyStemmer), made before the text is handed over"
    pages = False

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("arabic", 100_000)

    def index(self, documents: Sequence[Document], path: Path, jobs: int) -> None:
        connection = create_database(path)
        connection.executescript(TABLES)
        with connection:
            connection.executemany("INSERT INTO texts VALUES(?, ?, ?)", documents)
            connection.executemany(
                "INSERT INTO words(rowid, title, body) VALUES(?, ?, ?)", self._stemmed(documents)
            )
            connection.execute("INSERT INTO words(words) VALUES('optimize')")
        connection.close()

    def ids(self, query: str, k: int) -> list[int]:
        return self._numbers(any_of(self._stems(query)), k)

    def phrase(self, first: str, second: str, k: int) -> list[int]:
        return self._numbers('"' + " ".join(self._stems(f"{first} {second}")) + '"', k)

    def stored_bytes(self, path: Path) -> int | None:
        return self._bytes_of(path, "texts", ("title", "body"))

    def _stemmed(self, documents: Sequence[Document]) -> Iterator[Document]:
        for number, title, body in documents:
            yield number, " ".join(self._stems(title)), " ".join(self._stems(body))

    def _stems(self, text: str) -> list[str]:
        stems: list[str] = self._stemmer.stemWords(WORD.findall(text.lower()))
        return stems


ENGINE = SqliteStemmed
