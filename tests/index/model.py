"""What the tests of the index room share: small documents, and all that an index says of them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import kashaf
import numpy as np
from kashaf.arabic.analyzer import packed
from kashaf.index import Corpus, Schema
from kashaf.index.check import check
from kashaf.index.segment import Segment
from kashaf.index.snapshot import Snapshot, open_newest
from kashaf.storage import Directory, FaultyDirectory, MemoryDirectory

SCHEMA = Schema(
    {
        "id": "id",
        "title": kashaf.Field("text", 2.0),
        "body": "text",
        "tag": "keyword",
        "size": "number",
        "day": "date",
        "note": "stored",
    }
)

WORDS = [
    "كتاب",
    "كتب",
    "الكتاب",
    "والكتب",
    "كاتب",
    "مكتبة",
    "المكتبات",
    "كُتُبٌ",
    "كَتَبَ",
    "مدرسة",
    "المدارس",
    "مدرس",
    "درس",
    "الدَّرْسُ",
    "دروسهم",
    "طالب",
    "الطلاب",
    "بيت",
    "بيوت",
    "البيوت",
    "سوق",
    "أسواق",
    "في",
    "من",
    "على",
    "قال",
    "قالت",
    "اليوم",
    "2017",
    "٢٠١٧",
    "Kashaf",
    "search",
    "قلب",
    "قلوب",
]

QUERIES = ("كتاب", "مدرسة الطلاب", "كُتُبٌ", '"كتاب كتب"', "search", "tag:blue", "قال NOT بيت")

Document = dict[str, Any]


def document(rng: random.Random, id: str) -> Document:
    """Return a random small document, most fields of which may be missing."""
    fields: Document = {"id": id}
    if rng.random() < 0.8:
        fields["title"] = " ".join(rng.choices(WORDS, k=rng.randint(0, 4)))
    if rng.random() < 0.9:
        fields["body"] = " ".join(rng.choices(WORDS, k=rng.randint(0, 25)))
    if rng.random() < 0.5:
        fields["tag"] = rng.choices(["red", "green", "blue", "أزرق"], k=rng.randint(1, 3))
    if rng.random() < 0.5:
        fields["size"] = rng.choice([0, -1.5, 3, 1e9])
    if rng.random() < 0.5:
        fields["day"] = rng.choice(["2017-03-05", "1/2/2016", "2020"])
    if rng.random() < 0.3:
        fields["note"] = {"deep": [1, None, "نص"]}
    return fields


def documents(count: int, seed: int = 0, first: int = 0) -> list[Document]:
    """Return random documents with the ids `first`, `first + 1`, ..."""
    rng = random.Random(seed)
    return [document(rng, str(number)) for number in range(first, first + count)]


def faulty() -> FaultyDirectory:
    """Return a faulty directory that is checked when it is closed."""
    return FaultyDirectory(on_close=require_sound)


def require_sound(directory: Directory) -> None:
    """Fail with what `check` finds."""
    assert [str(finding) for finding in check(directory)] == []


def fresh(found: Iterable[Mapping[str, Any]], schema: Schema = SCHEMA) -> MemoryDirectory:
    """Return an index of these documents, built afresh in one segment."""
    directory = MemoryDirectory()
    with Corpus(directory, create=schema).writer() as writer:
        for each in found:
            writer.add(each)
    return directory


def snapshot_of(directory: Directory) -> Snapshot:
    """Return the newest commit, open."""
    found = open_newest(directory)
    assert found is not None
    return found


def content(directory: Directory) -> dict[str, Any]:
    """Return all that an index says, in no words of its segments: live documents only."""
    snapshot = snapshot_of(directory)
    index = kashaf.open(directory)
    return {
        "documents": list(snapshot.all_documents()),
        "postings": postings(snapshot),
        "dfs": dfs(snapshot),
        "keywords": keywords(snapshot),
        "values": values(snapshot),
        "lengths": lengths(snapshot),
        "means": snapshot.average_lengths,
        "answers": {query: answer(index, query) for query in QUERIES},
    }


def answer(index: kashaf.Index, query: str) -> list[tuple[str, float]]:
    """Return ids and scores of all hits."""
    return [(hit.id, float(hit.score)) for hit in index.search(query, limit=10_000).hits]


def places(snapshot: Snapshot) -> Iterable[tuple[Segment, np.ndarray]]:
    """Yield each segment with its documents' numbers among all live ones; -1: deleted."""
    first = 0
    for segment in snapshot.segments:
        live = np.ones(segment.documents, bool) if segment.live is None else segment.live == 1
        yield segment, np.where(live, first + np.cumsum(live) - 1, -1)
        first += int(live.sum())


def postings(snapshot: Snapshot) -> dict[tuple[str, Any], list[tuple[int, list[int]]]]:
    """Return (field, rungs) → [(document, positions)], decoded posting by posting."""
    found: dict[tuple[str, Any], list[tuple[int, list[int]]]] = {}
    for segment, place in places(snapshot):
        rungs = segment.vocabulary.rungs()
        firsts = segment.vocabulary.group_starts.tolist()
        for field, text in segment.text.items():
            edges = text.group_edges()
            owner = np.repeat(firsts[: len(edges) - 1], np.diff(edges))
            terms = (owner + text.forms.slice()).tolist()
            docs, tfs = text.docs.slice().tolist(), text.tfs.slice().tolist()
            positions, at = text.positions.slice().tolist(), 0
            for term, doc, tf in zip(terms, docs, tfs, strict=True):
                if place[doc] >= 0:
                    row = (int(place[doc]), positions[at : at + tf])
                    found.setdefault((field, rungs[term]), []).append(row)
                at += tf
    return found


def dfs(snapshot: Snapshot) -> dict[tuple[str, Any], int]:
    """Return (field, rungs) → stored document frequencies; only of segments without deletions."""
    found: dict[tuple[str, Any], int] = {}
    if any(segment.live is not None for segment in snapshot.segments):
        return {key: len(rows) for key, rows in postings(snapshot).items()}
    for segment in snapshot.segments:
        rungs = segment.vocabulary.rungs()
        for field, text in segment.text.items():
            for rung, df in zip(rungs, text.dfs.slice().tolist(), strict=True):
                if df:
                    found[field, rung] = found.get((field, rung), 0) + df
    return found


def keywords(snapshot: Snapshot) -> dict[tuple[str, str], list[int]]:
    """Return (field, value) → documents."""
    found: dict[tuple[str, str], list[int]] = {}
    for segment, place in places(snapshot):
        for field, column in segment.keyword.items():
            texts, owners, docs = column.read()
            for owner, doc in zip(owners.tolist(), docs.tolist(), strict=True):
                if place[doc] >= 0:
                    found.setdefault((field, texts[owner].decode()), []).append(int(place[doc]))
    return found


def values(snapshot: Snapshot) -> dict[tuple[str, int], float]:
    """Return (field, document) → number or date."""
    found = {}
    for segment, place in places(snapshot):
        for field, column in segment.value.items():
            for doc in np.flatnonzero(column.there).tolist():
                if place[doc] >= 0:
                    found[field, int(place[doc])] = column.values[doc].item()
    return found


def lengths(snapshot: Snapshot) -> dict[str, list[int]]:
    """Return the lengths of the live documents in each text field."""
    found: dict[str, list[int]] = {field: [] for field in snapshot.schema.of_kind("text")}
    for segment, place in places(snapshot):
        for field, mine in found.items():
            text = segment.text.get(field)
            column = text.lengths if text else np.zeros(segment.documents, np.uint32)
            mine += column[place >= 0].tolist()
    return found


def keys_by(rungs_of):
    """What gives words their sort keys by the rungs that a function gives them."""

    def keys_of(codes, edges):
        edges = edges.tolist()
        words = ["".join(map(chr, codes[a:b].tolist())) for a, b in pairwise(edges)]
        return packed(rungs_of(words))

    return keys_of
