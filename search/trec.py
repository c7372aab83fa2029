"""Answers every query of a file, as a TREC run: for measuring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..errors import UsageError
from .index import Index


def read_queries(lines: Iterable[str], name: str) -> Iterator[tuple[str, str]]:
    """(id, text) of each line `id <TAB> text`; empty lines are passed over.

    Raises:
        UsageError: naming file and line, for a line without a tab.
    """
    for number, line in enumerate(lines, 1):
        id, tab, text = line.rstrip("\r\n").partition("\t")
        if not tab and id.strip():
            raise UsageError(f"{name}:{number}: a query is a line 'id <TAB> text'")
        if tab:
            yield "_".join(id.split()) or str(number), text


def run(
    index: Index, queries: Iterable[tuple[str, str]], limit: int, tag: str, **options: object
) -> Iterator[str]:
    """Lines `query Q0 id rank score tag`.

    Args:
        limit: hits of each query.
        tag: names the run.
        options: for `Index.search`.
    """
    for query, text in queries:
        for hit in index.search(text, limit=limit, **options):  # type: ignore[arg-type]
            document = "_".join(hit.id.split()) or "_"
            yield f"{query} Q0 {document} {hit.rank} {hit.score:.6f} {tag}"
