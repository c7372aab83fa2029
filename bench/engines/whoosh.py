"""Whoosh, as the maintained whoosh3, with its own Arabic analyzer but for the stop words."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.analysis import LowercaseFilter, RegexTokenizer, StemFilter
from whoosh.fields import STORED, TEXT, Schema
from whoosh.qparser import MultifieldParser, OrGroup

from . import MEMORY, WIDTH, Document, Engine


class Whoosh(Engine):
    title = "Whoosh"
    arabic = "ISRI roots (its analyzer for Arabic)"
    slow = True

    def version(self) -> str:
        return version("whoosh3")

    def index(self, documents: Sequence[Document], path: Path, jobs: int) -> None:
        index = whoosh_index.create_in(str(path), _schema())
        options = {"procs": jobs, "multisegment": True} if jobs > 1 else {}
        writer = index.writer(limitmb=MEMORY // jobs, **options)
        for number, title, body in documents:
            writer.add_document(number=number, title=title, body=body)
        writer.commit()

    def open(self, path: Path) -> None:
        index = whoosh_index.open_dir(str(path))
        self._searcher = index.searcher()
        self._parser = MultifieldParser(["title", "body"], index.schema, group=OrGroup)

    def ids(self, query: str, k: int) -> list[int]:
        found = self._searcher.search(self._parser.parse(query), limit=k)
        return [hit["number"] for hit in found]

    def page(self, query: str, k: int) -> list[tuple[str, str]]:
        found = self._searcher.search(self._parser.parse(query), limit=k)
        found.fragmenter.maxchars = WIDTH
        return [(hit["title"], hit.highlights("body", top=1)) for hit in found]

    def phrase(self, first: str, second: str, k: int) -> list[int]:
        return self.ids(f'"{first} {second}"', k)


def _schema() -> Schema:
    analyzer = RegexTokenizer() | LowercaseFilter() | StemFilter(lang="ar", cachesize=100_000)
    text = TEXT(analyzer=analyzer, stored=True)
    return Schema(number=STORED, title=text, body=text)


ENGINE = Whoosh
