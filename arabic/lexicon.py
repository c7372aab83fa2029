"""The lexicon: folded words and verb shapes, each with the stems it stands for.

One file of sorted arrays, memory-mapped: opening it reads a header, and a word is found by
bisection. Whoever has many words to look up calls `Lexicon.warm`, which reads all keys into
a dictionary once.

A key is a folded word, or a sign and a verb shape: `-` before a shape of the past (قال, قل), `+`
before one of the present (قول). Its entries are stems with a weight, the binary logarithm, in
eighths, of how often the word stands for that stem in five million words of news. The stem of a
verb ends in a fatha (كتبَ), so that it is not taken for the noun of the same letters; each stem
has one root.

    file    = magic (8) version (u32) keys (u32) entries (u32) stems (u32) digest (16) body
    body    = the sections of `SECTIONS`, one after the other

Arabic letters are one byte each (ISO 8859-6), a line feed ends each text; numbers are
little-endian.
"""

import hashlib
import mmap
import struct
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..errors import DamagedError

MAGIC, VERSION = b"KASHAFLX", 1
HEADER = struct.Struct("<8s4I16s")
ENCODING = "iso8859_6"
SEPARATOR = b"\n"

PAST, PRESENT, VERB = "-", "+", "\u064e"

Offsets = npt.NDArray[np.int64]


class Stem(NamedTuple):
    """A lemma as the stem rung shows it, and its root."""

    stem: str
    root: str

    @property
    def is_verb(self) -> bool:
        """Whether this is the lemma of a verb."""
        return self.stem.endswith(VERB)


class Entry(NamedTuple):
    """One of the stems that a key stands for; the weight is log2 of its count, in eighths."""

    stem: int
    weight: int


Rows = Mapping[str, Sequence[Entry]]


def serialise(rows: Rows, stems: Sequence[Stem]) -> bytes:
    """The bytes of a lexicon; the same for the same rows."""
    keys = sorted((key.encode(ENCODING), entries) for key, entries in rows.items())
    entries = [entry for _, found in keys for entry in found]
    texts = [text.encode(ENCODING) for stem in stems for text in stem]
    body = b"".join(
        (
            bytes(len(key) + 1 for key, _ in keys),
            bytes(len(found) for _, found in keys),
            bytes(entry.weight for entry in entries),
            bytes(len(text) + 1 for text in texts),
            np.array([entry.stem for entry in entries], dtype="<u2").tobytes(),
            b"".join(key + SEPARATOR for key, _ in keys),
            b"".join(text + SEPARATOR for text in texts),
        )
    )
    digest = hashlib.blake2b(body, digest_size=16).digest()
    return HEADER.pack(MAGIC, VERSION, len(keys), len(entries), len(stems), digest) + body


def _offsets(lengths: npt.NDArray[np.uint8], start: int) -> Offsets:
    """Where each of several texts that lie end to end begins, and where the last one ends."""
    ends = np.cumsum(lengths, dtype=np.int64)
    return np.concatenate((np.zeros(1, dtype=np.int64), ends)) + start


class Lexicon:
    """A lexicon on disk.

    Args:
        path: the file; it stays mapped for the life of this object.

    Attributes:
        ranks: the place of each key, once `warm` has read them all; None before.

    Raises:
        DamagedError: the file is not a lexicon of this version, or is cut short.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._read_header(path.name)
        self._map_sections(path.name)
        self.ranks: dict[str, int] | None = None
        self._stem_cache: dict[int, Stem] = {}
        self._firsts: list[int] = []

    def _read_header(self, name: str) -> None:
        if len(self._data) < HEADER.size:
            raise DamagedError(name, "header", f"{HEADER.size} bytes", f"{len(self._data)}")
        magic, version, *counts, digest = HEADER.unpack_from(self._data)
        if (magic, version) != (MAGIC, VERSION):
            raise DamagedError(name, "header", f"{MAGIC!r} {VERSION}", f"{magic!r} {version}")
        self._keys, self._entries, self._stems = counts
        self.digest: bytes = digest

    def _map_sections(self, name: str) -> None:
        at = HEADER.size
        sizes = (self._keys, self._keys, self._entries, 2 * self._stems)
        sections = []
        for size in sizes:
            sections.append(np.frombuffer(self._data, np.uint8, size, at))
            at += size
        key_lengths, fan_outs, self._weights, text_lengths = sections
        self._ids = np.frombuffer(self._data, "<u2", self._entries, at)
        self._key_starts = _offsets(key_lengths, at + 2 * self._entries)
        self._text_starts = _offsets(text_lengths, int(self._key_starts[-1]))
        self._entry_starts = _offsets(fan_outs, 0)
        if self._text_starts[-1] != len(self._data):
            found = f"{len(self._data)} bytes"
            raise DamagedError(name, None, f"{self._text_starts[-1]} bytes", found)

    def __len__(self) -> int:
        return int(self._keys)

    def check(self, name: str = "lexicon.bin") -> None:
        """Compare the contents with their digest.

        Raises:
            DamagedError: they differ.
        """
        found = hashlib.blake2b(self._data[HEADER.size :], digest_size=16).digest()
        if found != self.digest:
            raise DamagedError(name, None, self.digest.hex(), found.hex())

    def _key(self, rank: int) -> bytes:
        return self._data[self._key_starts[rank] : self._key_starts[rank + 1] - 1]

    def rank(self, key: str) -> int | None:
        """The place of a key in the order of all keys, or None."""
        if self.ranks is not None:
            return self.ranks.get(key)
        sought = key.encode(ENCODING, "replace")
        rank = bisect_left(range(self._keys), sought, key=self._key)
        return rank if rank < self._keys and self._key(rank) == sought else None

    def warm(self) -> None:
        """Read all keys into a dictionary (tens of milliseconds), for many look-ups to come."""
        if self.ranks is None:
            first, end = int(self._key_starts[0]), int(self._key_starts[-1])
            keys = self._data[first:end].decode(ENCODING).split("\n")[:-1]
            self.ranks = dict(zip(keys, range(self._keys), strict=True))
            first, end = int(self._text_starts[0]), int(self._text_starts[-1])
            texts = iter(self._data[first:end].decode(ENCODING).split("\n"))
            self._stem_cache = dict(enumerate(map(Stem, texts, texts)))
            self._firsts = self._ids[self._entry_starts[:-1]].tolist()

    def entries(self, rank: int) -> list[Entry]:
        """The entries of a key, heaviest first."""
        start, end = int(self._entry_starts[rank]), int(self._entry_starts[rank + 1])
        return [Entry(int(self._ids[at]), int(self._weights[at])) for at in range(start, end)]

    def first(self, rank: int) -> Stem:
        """The stem of the heaviest entry of a key."""
        if self._firsts:
            return self._stem_cache[self._firsts[rank]]
        return self.stem(int(self._ids[int(self._entry_starts[rank])]))

    def stem(self, number: int) -> Stem:
        """A stem by its number."""
        found = self._stem_cache.get(number)
        if found is None:
            start, middle, end = self._text_starts[2 * number : 2 * number + 3].tolist()
            stem = self._data[start : middle - 1].decode(ENCODING)
            found = Stem(stem, self._data[middle : end - 1].decode(ENCODING))
            self._stem_cache[number] = found
        return found
