"""bm25s: BM25 as a sparse matrix in NumPy. No positions, no stored text, no updates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bm25s
import Stemmer

from . import Document, Engine


class Bm25s(Engine):
    title = "bm25s"
    arabic = "Snowball Arabic stems (PyStemmer)"
    threads = False
    pages = False
    phrases = False

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("arabic", 100_000)

    def version(self) -> str:
        return str(bm25s.__version__)

    def index(self, documents: Sequence[Document], path: Path, jobs: int) -> None:
        matrix = bm25s.BM25()
        tokens = self._tokens([f"{title}\n{body}" for _, title, body in documents])
        matrix.index(tokens, show_progress=False)
        matrix.save(str(path), show_progress=False)

    def open(self, path: Path) -> None:
        self._matrix = bm25s.BM25.load(str(path), mmap=True, show_progress=False)

    def ids(self, query: str, k: int) -> list[int]:
        tokens = self._tokens([query])
        found = self._matrix.retrieve(tokens, k=k, show_progress=False, return_as="documents")
        return [int(number) for number in found[0]]

    def stored_bytes(self, path: Path) -> int:
        return 0

    def _tokens(self, texts: list[str]) -> bm25s.tokenization.Tokenized:
        return bm25s.tokenize(texts, stopwords=[], stemmer=self._stemmer, show_progress=False)


ENGINE = Bm25s
