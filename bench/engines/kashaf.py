"""Kashaf, with its defaults: all rungs on."""

from __future__ import annotations

import sysconfig
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import kashaf

from . import MEMORY, Document, Engine


class Kashaf(Engine):
    title = "Kashaf"
    arabic = "folding, clitics and endings, broken plurals, roots; all ranked at once"

    def about(self, job: dict[str, Any]) -> dict[str, Any]:
        """What it is; cold, it is the command that is timed."""
        script = Path(sysconfig.get_path("scripts")) / "kashaf"
        return {**super().about(job), "cold": [str(script), "search", "--index"]}

    def version(self) -> str:
        return str(kashaf.__version__)

    def index(self, documents: Sequence[Document], path: Path, jobs: int) -> None:
        index = kashaf.create(
            path, {"id": "id", "title": kashaf.Field("text", 2.0), "body": "text"}
        )
        with index.writer(memory=MEMORY, jobs=jobs) as writer:
            for number, title, body in documents:
                writer.add({"id": str(number), "title": title, "body": body})

    def open(self, path: Path) -> None:
        self._index = kashaf.open(path)

    def ids(self, query: str, k: int) -> list[int]:
        return [int(hit.id) for hit in self._index.search(query, k).hits]

    def page(self, query: str, k: int) -> list[tuple[str, str]]:
        found = self._index.search(query, k).hits
        return [(hit.fields["title"], hit.snippet.marked()) for hit in found]

    def phrase(self, first: str, second: str, k: int) -> list[int]:
        return self.ids(f'"{first} {second}"', k)

    def stored_bytes(self, path: Path) -> int:
        files = [segment.file for segment in kashaf.open(path).snapshot.segments]
        return sum(
            column.length
            for file in files
            for name, column in file.columns.items()
            if name.startswith("stored.")
        )


ENGINE = Kashaf
