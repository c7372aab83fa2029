"""tantivy, by its Python wheel: Arabic Snowball stems, one or two indexing threads."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import tantivy

from . import MEMORY, WIDTH, Document, Engine

FIELDS = ["title", "body"]


class Tantivy(Engine):
    title = "tantivy"
    arabic = "Snowball Arabic stems"

    def version(self) -> str:
        return version("tantivy")

    def index(self, documents: Sequence[Document], path: Path, jobs: int) -> None:
        index = tantivy.Index(_schema(), path=str(path))
        index.register_tokenizer("arabic", _analyzer())
        writer = index.writer(MEMORY * 1_000_000, jobs)
        for number, title, body in documents:
            writer.add_document(tantivy.Document(number=number, title=title, body=body))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, path: Path) -> None:
        self._index = tantivy.Index.open(str(path))
        self._index.register_tokenizer("arabic", _analyzer())
        self._searcher = self._index.searcher()

    def ids(self, query: str, k: int) -> list[int]:
        return self._numbers(self._index.parse_query(query, FIELDS), k)

    def page(self, query: str, k: int) -> list[tuple[str, str]]:
        parsed = self._index.parse_query(query, FIELDS)
        make = tantivy.SnippetGenerator.create(self._searcher, parsed, self._index.schema, "body")
        make.set_max_num_chars(WIDTH)
        out = []
        for _, address in self._searcher.search(parsed, k, count=False).hits:
            document = self._searcher.doc(address)
            out.append((document["title"][0], make.snippet_from_doc(document).to_html()))
        return out

    def phrase(self, first: str, second: str, k: int) -> list[int]:
        return self._numbers(self._index.parse_query(f'"{first} {second}"', FIELDS), k)

    def stored_bytes(self, path: Path) -> int:
        return sum(file.stat().st_size for file in path.glob("*.store"))

    def _numbers(self, query: tantivy.Query, k: int) -> list[int]:
        found = self._searcher.search(query, k, count=False).hits
        addresses = [address for _, address in found]
        return self._searcher.fast_field_values("number", addresses)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", fast=True)
    for field in FIELDS:
        builder.add_text_field(field, stored=True, tokenizer_name="arabic")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.lowercase())
    return builder.filter(tantivy.Filter.stemmer("arabic")).build()


ENGINE = Tantivy
