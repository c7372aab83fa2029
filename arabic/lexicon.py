"""The lexicon: folded words and verb shapes, each with the stems it stands for.

One file, memory-mapped: opening it reads a header, and a word is found by bisection over blocks
of sixteen keys. Who has many words to look up makes a `kernels.Dictionary` of it, once.

A key is a folded word, or a sign and a verb shape: `-` before a shape of the past (قال, قل), `+`
before one of the present (قول). Its entries are stems with a weight, the binary logarithm, in
eighths, of how often the word stands for that stem in five million words of news. The stem of a
verb ends in a fatha (كتبَ), so that it is not taken for the noun of the same letters; each stem
has one root.

    file    = magic (8) version size keys entries stems nouns (u32 each) digest (16) body
    body    = key-blocks stem-blocks stem-ids (u16 each) fan-outs weights (u8 each) keys stems
    key-blocks  = for every sixteenth key: where it begins (u32), its first entry (u32)
    stem-blocks = for every sixteenth stem: where it begins (u32)

Size is that of the file, places count from its start, and the first stems are those of nouns, the
others those of verbs. Arabic letters are one byte each
(ISO 8859-6), a line feed ends each text, a stem and its root are two texts; numbers are
little-endian.
"""

import functools
import mmap
import os
import struct
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from .. import kernels
from ..errors import DamagedError
from ..hints import TYPE_CHECKING
from ..records import NamedTuple

if TYPE_CHECKING:
    from hashlib import blake2b
    from pathlib import Path
else:
    try:  # without OpenSSL, which hashlib loads first and nobody asks for here
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b

MAGIC, VERSION = b"KASHAFLX", 3
HEADER = struct.Struct("<8s6I16s")
BLOCK = 16
ENCODING = "iso8859_6"
SEPARATOR = b"\n"

PAST, PRESENT, VERB = "-", "+", "\u064e"


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


def digest(body: bytes, size: int = 16) -> bytes:
    """What changes with some bytes, and is as good as never the same for others."""
    return blake2b(body, digest_size=size).digest()


def _starts(lengths: Iterable[int], first: int) -> list[int]:
    """Where every sixteenth of some things that lie end to end begins."""
    return list(accumulate(lengths, initial=first))[:-1:BLOCK]


def serialise(rows: Rows, stems: Sequence[Stem]) -> bytes:
    """The bytes of a lexicon; the same for the same rows.

    Args:
        rows: the entries of each key, heaviest first.
        stems: by number, those of verbs last.
    """
    keys = sorted((key.encode(ENCODING) + SEPARATOR, found) for key, found in rows.items())
    texts = ["\n".join((*stem, "")).encode(ENCODING) for stem in stems]
    entries = [entry for _, found in keys for entry in found]
    blocks = -(-len(keys) // BLOCK), -(-len(stems) // BLOCK)
    first = HEADER.size + 8 * blocks[0] + 4 * blocks[1] + 3 * len(entries) + len(keys)
    key_starts = _starts((len(key) for key, _ in keys), first)
    first_entries = _starts((len(found) for _, found in keys), 0)
    stem_starts = _starts(map(len, texts), first + sum(len(key) for key, _ in keys))
    places = [place for both in zip(key_starts, first_entries, strict=True) for place in both]
    body = b"".join(
        (
            struct.pack(f"<{len(places)}I", *places),
            struct.pack(f"<{len(stem_starts)}I", *stem_starts),
            struct.pack(f"<{len(entries)}H", *(entry.stem for entry in entries)),
            bytes(len(found) for _, found in keys),
            bytes(entry.weight for entry in entries),
            *(key for key, _ in keys),
            *texts,
        )
    )
    nouns = sum(not stem.is_verb for stem in stems)
    sizes = HEADER.size + len(body), len(keys), len(entries), len(stems), nouns
    return HEADER.pack(MAGIC, VERSION, *sizes, digest(body)) + body


class Lexicon:
    """A lexicon on disk.

    Args:
        path: the file; it stays mapped for the life of this object.

    Attributes:
        digest: of the contents.
        stem_count, nouns: how many stems there are, and how many of them are of nouns; verbs have
            the higher numbers.

    Raises:
        DamagedError: the file is not a lexicon of this version, or is cut short.
    """

    def __init__(self, path: "str | Path") -> None:
        with open(path, "rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._read_header(os.path.basename(path))
        key_blocks, stem_blocks = -(-self._keys // BLOCK), -(-self.stem_count // BLOCK)
        self._stem_blocks = HEADER.size + 8 * key_blocks
        self._ids = self._stem_blocks + 4 * stem_blocks
        self._fan_outs = self._ids + 2 * self._entries
        self._weights = self._fan_outs + self._keys
        self._texts = self._weights + self._entries
        self._key_places = range(HEADER.size, self._stem_blocks, 8)
        self._stem_texts = self._place(self._stem_blocks) if self.stem_count else len(self._data)

    def _read_header(self, name: str) -> None:
        if len(self._data) < HEADER.size:
            raise DamagedError(name, "header", f"{HEADER.size} bytes", f"{len(self._data)}")
        magic, version, size, *counts, digest = HEADER.unpack_from(self._data)
        if (magic, version) != (MAGIC, VERSION):
            raise DamagedError(name, "header", f"{MAGIC!r} {VERSION}", f"{magic!r} {version}")
        if size != len(self._data):
            raise DamagedError(name, None, f"{size} bytes", f"{len(self._data)}")
        self._keys, self._entries, self.stem_count, self.nouns = counts
        self.digest: bytes = digest

    def __len__(self) -> int:
        return int(self._keys)

    def check(self, name: str = "lexicon.bin") -> None:
        """Compare the contents with their digest.

        Raises:
            DamagedError: they differ.
        """
        found = digest(self._data[HEADER.size :])
        if found != self.digest:
            raise DamagedError(name, None, self.digest.hex(), found.hex())

    def _place(self, at: int) -> int:
        return int.from_bytes(self._data[at : at + 4], "little")

    def _first_key(self, block_place: int) -> bytes:
        start = self._place(block_place)
        return self._data[start : self._data.find(SEPARATOR, start)]

    @functools.cached_property
    def dictionary(self) -> "kernels.Dictionary":
        """A table of all keys; milliseconds to make, and from then on they are found in it."""
        return kernels.Dictionary(*self.sections(), self.nouns)

    def entries(self, key: str) -> list[Entry]:
        """The entries of a key, heaviest first; none for an unknown one."""
        sought = key.encode(ENCODING, "replace")
        if "dictionary" in self.__dict__:
            return list(map(Entry._make, self.dictionary.entries(sought)))
        block = bisect_right(self._key_places, sought, key=self._first_key) - 1
        if block < 0 or SEPARATOR in sought:
            return []
        place = self._key_places[block]
        last = block + 1 == len(self._key_places)
        end = self._stem_texts if last else self._place(place + 8)
        keys = self._data[self._place(place) : end].split(SEPARATOR)[:-1]
        return self._entries_at(place, block, keys.index(sought)) if sought in keys else []

    def _entries_at(self, place: int, block: int, number: int) -> list[Entry]:
        """The entries of the key of some number in a block."""
        fan_out = self._fan_outs + block * BLOCK
        before = self._data[fan_out : fan_out + number]
        first = self._place(place + 4) + sum(before)
        numbers = range(first, first + self._data[fan_out + number])
        return [Entry(self._id(at), self._data[self._weights + at]) for at in numbers]

    def _id(self, entry: int) -> int:
        at = self._ids + 2 * entry
        return int.from_bytes(self._data[at : at + 2], "little")

    def stem(self, number: int) -> Stem:
        """A stem by its number."""
        block, rest = divmod(number, BLOCK)
        place = self._stem_blocks + 4 * block
        last = BLOCK * (block + 1) >= self.stem_count
        end = len(self._data) if last else self._place(place + 4)
        texts = self._data[self._place(place) : end].split(SEPARATOR, 2 * rest + 2)
        return Stem(texts[2 * rest].decode(ENCODING), texts[2 * rest + 1].decode(ENCODING))

    def all_keys(self) -> list[str]:
        """Every key, in their order."""
        return self._data[self._texts : self._stem_texts].decode(ENCODING).split("\n")[:-1]

    def all_stems(self) -> list[Stem]:
        """Every stem, by number."""
        texts = iter(self._data[self._stem_texts :].decode(ENCODING).split("\n"))
        return list(map(Stem, texts, texts))

    def stem_texts(self) -> memoryview:
        """Every stem and its root, by number, a line feed after each."""
        return memoryview(self._data)[self._stem_texts :]

    def sections(self) -> tuple[memoryview, memoryview, memoryview, memoryview]:
        """The keys, a line feed after each; the fan-out of each (u8); and the stem (u16) and the
        weight (u8) of each entry."""
        data = memoryview(self._data)
        return (
            data[self._texts : self._stem_texts],
            data[self._fan_outs : self._weights],
            data[self._ids : self._fan_outs],
            data[self._weights : self._texts],
        )
