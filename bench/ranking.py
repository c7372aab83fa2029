"""What each part of the ranking adds: nDCG@10 with it and without it.

    python bench/ranking.py [--choose] [FOLDER ...]

With `--choose` the numbers are chosen anew on each set alone, and tried on the others.

Each folder holds docs.jsonl.gz (id, title, body), queries.tsv (id, text) and qrels.txt
(TREC); without any, ../shared/data/ant and ../shared/data/arcd are taken where they are.
"""

from __future__ import annotations

import gzip
import json
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import kashaf
from kashaf import arabic
from kashaf.index import Corpus
from kashaf.records import replace
from kashaf.search import index as searching
from kashaf.search import lookup, questions
from kashaf.search.ranking import DEFAULT, Ranking

HERE = Path(__file__).resolve().parent
KNOWN = [HERE.parent.parent / "shared" / "data" / name for name in ("ant", "arcd")]


@dataclass(frozen=True)
class Collection:
    """A test collection, indexed in memory."""

    name: str
    corpus: Corpus
    queries: list[tuple[str, str]]
    relevant: Mapping[str, Mapping[str, int]]


def load(folder: Path) -> Collection:
    """Index a test collection."""
    corpus = Corpus(None, create=kashaf.Schema({"id": "id", "title": "text", "body": "text"}))
    with corpus.writer() as writer, gzip.open(folder / "docs.jsonl.gz", "rt") as lines:
        for line in lines:
            row = json.loads(line)
            writer.add({name: row[name] for name in ("id", "title", "body") if name in row})
    with (folder / "queries.tsv").open(encoding="utf-8") as lines:
        queries = [
            (q, text) for q, _, text in (line.rstrip("\n").partition("\t") for line in lines)
        ]
    relevant: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.txt").read_text(encoding="utf-8").splitlines():
        query, _, document, grade = line.split()
        if int(grade) > 0:
            relevant.setdefault(query, {})[document] = int(grade)
    return Collection(folder.name, corpus, queries, relevant)


def ndcg(collection: Collection, ranking: Ranking, **options: Any) -> float:
    """Mean nDCG@10 over the judged queries."""
    index = searching.Index(collection.corpus, ranking)
    total = 0.0
    for query, text in collection.queries:
        grades = collection.relevant.get(query)
        if grades:
            ids = [hit.id for hit in index.search(text, limit=10, **options)]
            total += _gain([grades.get(id, 0) for id in ids]) / _gain(
                sorted(grades.values(), reverse=True)[:10]
            )
    return total / len(collection.relevant)


def _gain(grades: list[int]) -> float:
    return sum(grade / math.log2(rank + 2) for rank, grade in enumerate(grades))


def rows(collections: list[Collection]) -> None:
    """Print the table."""

    def show(label: str, ranking: Ranking = DEFAULT, **options: Any) -> None:
        scores = [ndcg(each, ranking, **options) for each in collections]
        print(f"| {label} | " + " | ".join(f"{score:.4f}" for score in scores) + " |", flush=True)

    print("| | " + " | ".join(each.name for each in collections) + " |")
    print("|---|" + "--:|" * len(collections))
    show("as it is")
    show("spelling alone", match="spelling")
    show("spelling and stem", match="stem")
    show("stem weighs as much as spelling", replace(DEFAULT, stem=DEFAULT.spelling))
    show("root weighs twice as much", replace(DEFAULT, root=2 * DEFAULT.root))
    for kind in arabic.KINDS[:3]:
        show(f"without {kind}", synonyms=[k for k in arabic.KINDS if k != kind])
    show("without other names", synonyms=())
    with _patched(questions, LIGHT=1.0):
        show("question words weigh as others")
    with _patched(lookup, READINGS=1):
        show("only the likeliest reading of a word")
    for k1 in (0.6, 1.2):
        show(f"k1 {k1}", replace(DEFAULT, k1=k1))
    for b in (0.6, 0.9):
        show(f"b {b}", replace(DEFAULT, b=b))


GRID: dict[str, tuple[float, ...]] = {
    "k1": (0.5, 0.6, 0.7, 0.9, 1.2, 1.6),
    "b": (0.5, 0.6, 0.7, 0.75, 0.82, 0.9, 1.0),
    "stem": (0.6, 0.7, 0.8, 0.9, 1.0),
    "root": (0.05, 0.1, 0.2, 0.3, 0.5),
}
START = replace(DEFAULT, k1=1.2, b=0.75, stem=1.0, root=0.5)
"""What textbooks say of k1 and b, and rungs that weigh nearly the same: nothing chosen yet."""


def choose(collection: Collection) -> Ranking:
    """The numbers that are best for one set, one after another, twice round."""
    ranking, best = START, ndcg(collection, START)
    for _ in range(2):
        for name, values in GRID.items():
            for value in values:
                tried = replace(ranking, **{name: value})
                score = ndcg(collection, tried)
                if score > best:
                    ranking, best = tried, score
    return ranking


def choices(collections: list[Collection]) -> None:
    """Print what each set would choose, and how that does on all of them."""
    print("| chosen on | " + " | ".join([*GRID, *(each.name for each in collections)]) + " |")
    print("|---|" + "--:|" * (len(GRID) + len(collections)))
    chosen = [("nothing", START), *((each.name, choose(each)) for each in collections)]
    for label, ranking in [*chosen, ("as it is", DEFAULT)]:
        numbers = [f"{getattr(ranking, name):g}" for name in GRID]
        scores = [f"{ndcg(each, ranking):.4f}" for each in collections]
        print(f"| {label} | " + " | ".join([*numbers, *scores]) + " |", flush=True)


class _patched:
    """A module with some of its constants changed, for a while."""

    def __init__(self, module: Any, **values: Any) -> None:
        self._module, self._values = module, values

    def __enter__(self) -> None:
        self._before = {name: getattr(self._module, name) for name in self._values}
        self._module.__dict__.update(self._values)

    def __exit__(self, *_: object) -> None:
        self._module.__dict__.update(self._before)


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--choose"]
    folders = [Path(name) for name in arguments] or [p for p in KNOWN if p.is_dir()]
    (choices if "--choose" in sys.argv else rows)([load(folder) for folder in folders])
