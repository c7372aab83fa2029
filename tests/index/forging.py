"""Changes the columns of a segment and makes all its checksums right again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import kashaf
import numpy as np
from kashaf.errors import KashafError
from kashaf.index import Corpus
from kashaf.index import commit as commits
from kashaf.index.check import check
from kashaf.index.repair import repair
from kashaf.storage import ColumnFile, ColumnWriter, Directory, MemoryDirectory, crc32

Change = Callable[[dict[str, Any], dict[str, Any]], object]

HURTFUL = (0, 1, 2, 15, 16, 127, 128, 255, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 << 62)


def forged(directory: Directory, name: str, change: Change, kind: str = "segment") -> None:
    """Write a column file again, with what `change` made of its columns and its meta."""
    old = ColumnFile(directory, name, kind)
    columns = {column: old.read(column).copy() for column in old.columns}
    meta = dict(old.meta)
    change(columns, meta)
    directory.remove(name)
    with ColumnWriter(directory, name, kind) as out:
        for column, array in columns.items():
            out.add(column, array)
        info = out.finish(meta)
    commit = commits.newest(directory)
    assert commit is not None
    entries = [
        e._replace(
            file=info if e.file.name == name else e.file,
            live=info if e.live and e.live.name == name else e.live,
        )
        for e in commit.segments
    ]
    extras = tuple((use, info if held.name == name else held) for use, held in commit.extras)
    before = commits.commit_name(commit.generation)
    commits.publish(directory, commit._replace(segments=tuple(entries), extras=extras))
    directory.remove(before)


def mutated(files: Mapping[str, bytes], chance: random.Random) -> MemoryDirectory:
    """An index with a commit, a footer or some columns spoilt at random, all checksums right."""
    directory = MemoryDirectory(files)
    commit = commits.newest(directory)
    assert commit is not None
    if chance.random() < 0.1:
        return _commit_spoilt(directory, commits.commit_name(commit.generation), chance)
    name, kind = chance.choice(sorted(_kinds(commit)))
    spoil_meta = chance.random() < 0.2

    def change(columns: dict[str, Any], meta: dict[str, Any]) -> None:
        _spoil_json(meta, chance) if spoil_meta else _spoil(columns, chance)

    forged(directory, name, change, kind)
    return directory


def _commit_spoilt(directory: MemoryDirectory, name: str, chance: random.Random) -> MemoryDirectory:
    value = json.loads(directory.read(name).split(b"\n")[0])
    _spoil_json(value, chance)
    line = json.dumps(value, ensure_ascii=False).encode()
    directory.remove(name)
    directory.publish(name, line + b"\n" + f"{crc32(line):08x}\n".encode())
    return directory


def _spoil_json(value: Any, chance: random.Random) -> None:
    """Make one of the values inside another; or it is gone, or doubled."""
    spots = [*_spots(value)]
    if spots:
        where, key = chance.choice(spots)
        others = (*HURTFUL, -1, 1.5, "", "x", "../x", None, True, [], {}, 10**30, where[key])
        if chance.random() < 0.2:
            del where[key]
        elif isinstance(where, list) and chance.random() < 0.2:
            where.append(where[key])
        else:
            where[key] = chance.choice(others)


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict | list):
        for key in [*value] if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _spots(value[key])


def _kinds(commit: commits.Commit) -> Iterator[tuple[str, str]]:
    for entry in commit.segments:
        yield entry.file.name, "segment"
        if entry.live:
            yield entry.live.name, "live"
    yield from ((info.name, kind) for kind, info in commit.extras)


def _spoil(columns: dict[str, Any], chance: random.Random) -> None:
    names = sorted(columns)
    for name in chance.sample(names, min(len(names), chance.choice((1, 1, 1, 2, 5)))):
        columns[name] = chance.choice((_values, _values, _bits, _cut, _longer, _alike))(
            columns[name], chance, columns
        )


def _values(array: Any, chance: random.Random, columns: Any) -> Any:
    """Some values, or a stretch of them, become others."""
    if len(array):
        at = chance.randrange(len(array))
        stop = at + chance.choice((1, 1, 2, 16, len(array)))
        hurtful = chance.choice((*HURTFUL, chance.randrange(len(array) + 1)))
        integers = array.dtype.kind in "iu"
        array[at:stop] = min(hurtful, np.iinfo(array.dtype).max) if integers else np.nan
    return array


def _bits(array: Any, chance: random.Random, columns: Any) -> Any:
    raw = array.view(np.uint8)
    for _ in range(chance.choice((1, 3, 30)) if len(raw) else 0):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return array


def _cut(array: Any, chance: random.Random, columns: Any) -> Any:
    return array[: chance.randrange(len(array) + 1)]


def _longer(array: Any, chance: random.Random, columns: Any) -> Any:
    return np.concatenate([array, array[: chance.randrange(len(array) + 1)]])


def _alike(array: Any, chance: random.Random, columns: Any) -> Any:
    """Another column of the same type in its place."""
    same = [columns[n] for n in sorted(columns) if columns[n].dtype == array.dtype]
    return chance.choice(same).copy()


ASKED = (
    "كتاب",
    "مدرسة الطلاب",
    '"كتاب كتب"',
    "search~1 OR بيت*",
    "tag:blue NOT قال",
    "size:[0 TO 10]",
    "حرفي:كُتُبٌ",
    "root:كتب +سوق",
    'r"كت.*" OR *يوت',
    '"كتاب سوق"~5',
)


def read_all(directory: Directory, ids: int) -> None:
    """Do all that reads an index, and what mends it; KashafError is the one way out."""
    actions: list[Callable[[], object]] = [
        *(lambda query=query: _searched(directory, query) for query in ASKED),
        lambda: list(kashaf.open(directory).snapshot.all_documents()),
        lambda: [kashaf.open(directory).get(str(n)) for n in range(ids)],
        lambda: [s.vocabulary.rungs() for s in Corpus(directory).snapshot().segments],
        lambda: check(directory),
        lambda: _merged(_copy(directory)),
        lambda: repair(_copy(directory)),
    ]
    for action in actions:
        with suppress(KashafError):
            action()
    for name in ("suggest", "complete", "words", "similar"):
        with suppress(KashafError):
            getattr(kashaf.open(directory), name)("كت" if name == "complete" else "كتاب")


def _searched(directory: Directory, query: str) -> None:
    index = kashaf.open(directory)
    page = index.search(query, limit=50)
    for hit in page:
        assert isinstance(hit.fields, dict)
        _ = str(hit.snippet), hit.why, hit.page
    _ = page.total, page.facet("tag"), page.suggestions
    list(index.search(query, limit=5, sort="-size", where={"tag": "red"}, since="2016"))


def _copy(directory: Directory) -> MemoryDirectory:
    return MemoryDirectory({name: directory.read(name) for name in directory.names()})


def _merged(directory: Directory) -> None:
    with Corpus(directory).writer() as writer:
        writer.update(id="1", body="كتاب")
        writer.optimize()
