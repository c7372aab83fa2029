"""Damage: bytes flipped, files cut short, missing, swapped and forged.

Without `KASHAF_FULL=1`, which takes every byte and every length, a part of them is taken.
"""

import os
import random

import kashaf
import numpy as np
import pytest
from kashaf.errors import DamagedError
from kashaf.index import Corpus
from kashaf.index.check import check
from kashaf.storage import ColumnFile, MemoryDirectory

from .forging import forged, mutated, read_all
from .model import QUERIES, SCHEMA, answer, documents, require_sound

FULL = os.environ.get("KASHAF_FULL") == "1"
ASKED = QUERIES[:3]


@pytest.fixture(scope="module")
def files():
    """A small index of two segments, one of them with deletions."""
    directory = MemoryDirectory()
    found = documents(14, 2)
    for half in (found[:9], found[9:]):
        with Corpus(
            directory, create=SCHEMA if half is not found[9:] and not directory.names() else None
        ).writer() as writer:
            for each in half:
                writer.add(each)
    with Corpus(directory).writer() as writer:
        writer.delete("3")
    require_sound(directory)
    return {name: bytes(file.data) for name, file in directory.files.items()}


def outcome(directory, expected):
    """Require that reading answers as before or raises the one exception; return whether it did."""
    try:
        index = kashaf.open(directory)
        for query in ASKED:
            assert answer(index, query) == expected[query]
        assert index.get("5") == expected["5"]
    except DamagedError:
        return "refused"
    return "as before"


@pytest.fixture(scope="module")
def expected(files):
    index = kashaf.open(MemoryDirectory(files))
    return {query: answer(index, query) for query in ASKED} | {"5": index.get("5")}


def spots(name, data, step):
    """Offsets into a file: all of a small one, every `step`-th of a larger one and its edges."""
    every = 1 if FULL or len(data) < 400 else step
    return sorted(
        {*range(0, len(data), every), *range(min(80, len(data))), *range(len(data) - 40, len(data))}
    )


def test_every_flipped_byte_is_found(files):
    for name, data in files.items():
        for offset in spots(name, data, 13):
            damaged = bytearray(data)
            damaged[offset] ^= 1 << offset % 8
            assert check(MemoryDirectory(files | {name: bytes(damaged)})), (name, offset)


def test_no_flipped_byte_gives_a_wrong_answer(files, expected):
    seen = set()
    for name, data in files.items():
        for offset in spots(name, data, 29):
            damaged = bytearray(data)
            damaged[offset] ^= 1 << offset % 8
            seen.add(outcome(MemoryDirectory(files | {name: bytes(damaged)}), expected))
    assert seen == {"refused", "as before"} or seen == {"refused"}


def test_every_truncation_is_found(files, expected):
    for name, data in files.items():
        for size in spots(name, data, 97):
            cut = MemoryDirectory(files | {name: data[:size]})
            assert check(cut), (name, size)
            assert outcome(cut, expected) == "refused"


def test_missing_and_swapped_files_are_found(files, expected):
    segments = [name for name in files if name.startswith("seg-")]
    for name in files:
        if not name.startswith("commit-"):
            missing = MemoryDirectory({n: data for n, data in files.items() if n != name})
            assert check(missing)
            assert outcome(missing, expected) == "refused"
    one, other = segments
    swapped = MemoryDirectory(files | {one: files[other], other: files[one]})
    assert len(check(swapped)) == 2
    assert outcome(swapped, expected) == "refused"


VALUES = (0, 1, 127, 1 << 16, (1 << 31) - 1, (1 << 32) - 1)


def column_names(files):
    name = next(n for n in files if n.startswith("seg-"))
    return list(ColumnFile(MemoryDirectory(files), name, "segment").columns)


def test_forged_columns_never_crash(files):
    """Right checksums, wrong numbers: an answer, perhaps a wrong one, or the one exception."""
    rng = np.random.default_rng(3)
    name = next(n for n in files if n.startswith("seg-"))
    for n, column in enumerate(column_names(files)):
        for value in VALUES if FULL else (VALUES[n % len(VALUES)],):

            def change(columns, meta, column=column, value=value):
                array = columns[column]
                if len(array):
                    at = rng.integers(0, len(array), max(1, len(array) // 8))
                    limit = np.iinfo(array.dtype).max if array.dtype.kind in "iu" else value
                    array[at] = min(value, limit)

            directory = MemoryDirectory(files)
            forged(directory, name, change)
            read_all(directory, 14)


@pytest.mark.parametrize("count", [0, 1, 2**31, -1, "x", None])
def test_forged_counts_never_crash(files, count):
    name = next(n for n in files if n.startswith("seg-"))

    def every(meta):
        for key, value in meta.items():
            if isinstance(value, dict):
                yield from every(value)
            else:
                yield meta, key

    directory = MemoryDirectory(files)
    for number in range(len(list(every(ColumnFile(directory, name, "segment").meta)))):

        def change(columns, meta, number=number):
            where, key = list(every(meta))[number]
            where[key] = count

        made = MemoryDirectory(files)
        forged(made, name, change)
        assert check(made) or count in (0, 1)
        read_all(made, 14)


def test_check_tells_of_progress(files):
    seen = []
    check(MemoryDirectory(files), lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] > 0


@pytest.mark.parametrize("seed", range(200 if FULL else 12))
def test_a_stranger_s_index_never_crashes(files, seed):
    """`tests/stress/forged.py` goes on with this for as long as one likes."""
    read_all(mutated(files, random.Random(seed)), 14)
