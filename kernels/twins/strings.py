"""Front-coded strings: blocks of 16, each string less what it shares with the one before.

An entry is `lengths ␟ rest`. The first byte of the lengths holds how many bytes the string shares
with the last one that is not empty, in its upper four bits, and how many bytes follow as the rest
in its lower ones; where one is 15, more is added to it, as LEB128, after that byte. The first entry
of a block shares nothing. `heads` holds where each block begins (Witten, Moffat & Bell 1999, 4.1).

The rest is UTF-8 in which the letters from U+0600 to U+067F take one byte: 80 to FF. What else is
not ASCII, and the byte 1, stands in runs of at most 255 bytes, after a 1 and its length.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NoReturn

import numpy as np

from .arrays import I64, PAGE, U8, U32, Pages
from .sorting import unpacked

RUN = 16
LONGEST = 1 << 27  # bytes of one string; a longer one is damage
MORE = 15  # a length that goes on after the first byte
LETTERS = re.compile(rb"([\xd8\xd9])([\x80-\xbf])|[\x00\x02-\x7f]")
OTHERS = re.compile(rb"(?:(?![\xd8\xd9][\x80-\xbf])[\x01\x80-\xff]){1,255}")


def encode(blob: U8, edges: U32) -> tuple[U32, U8]:
    """Front-code packed strings. Returns `(heads uint32, blob uint8)`.

    Args:
        blob: their bytes, one after another.
        edges: where each begins, and the end.

    Raises:
        ValueError: where the two do not fit.
    """
    heads, coded, last = [], bytearray(), b""
    for i, here in enumerate(unpacked(blob, edges)):
        if i % RUN == 0:
            heads.append(len(coded))
            last = b""
        shared = shared_length(last, here)
        while 0 < shared < len(here) and here[shared] & 0xC0 == 0x80:
            shared -= 1  # no letter is cut in two
        rest = _squeeze(here[shared:])
        coded.append(min(shared, MORE) << 4 | min(len(rest), MORE))
        for length in (shared, len(rest)):
            coded += varint(length - MORE) if length >= MORE else b""
        coded += rest
        last = here or last
    return np.array(heads, np.uint32), np.frombuffer(bytes(coded), np.uint8)


def _squeeze(text: bytes) -> bytes:
    """A string's rest as it is written."""
    out, at = bytearray(), 0
    while at < len(text):
        if found := LETTERS.match(text, at):
            lead, letter = found.groups()
            out += bytes([0x80 | (lead[0] & 1) << 6 | letter[0] & 63]) if lead else found[0]
        else:
            found = OTHERS.match(text, at)
            assert found is not None
            out += bytes([1, len(found[0])]) + found[0]
        at = found.end()
    return bytes(out)


def _spread(rest: bytes) -> bytes | None:
    """Undo `_squeeze`; None for a run that does not end."""
    out, at = bytearray(), 0
    while at < len(rest):
        byte, at = rest[at], at + 1
        if byte >= 0x80:
            out += bytes([0xD8 | byte >> 6 & 1, 0x80 | byte & 63])
        elif byte != 1:
            out.append(byte)
        else:
            run = rest[at + 1 : at + 1 + rest[at]] if at < len(rest) else b""
            if at == len(rest) or len(run) < rest[at]:
                return None
            out += run
            at += 1 + len(run)
    return bytes(out)


def shared_length(a: bytes, b: bytes) -> int:
    """How many bytes two strings have in common at their beginning."""
    both = min(len(a), len(b))
    return next((i for i in range(both) if a[i] != b[i]), both)


def varint(value: int) -> bytes:
    """A number as LEB128."""
    out = bytearray()
    while value >= 128:
        out.append(128 | value & 127)
        value >>= 7
    out.append(value)
    return bytes(out)


class Strings:
    """Read-only access to front-coded strings in a file whose pages are checked when touched.

    Args:
        heads, blob: uint32 and uint8, arrays or other memory, as `encode` made them.
        count: how many strings.
        pages: has `buffer`, `verified` (uint8, one a 16 KiB page) and `verify(start, stop)`.
        heads_at, blob_at: byte offsets of the two columns in that file.

    Bytes that do not decode go to `blame`, which raises.
    """

    def __init__(
        self,
        heads: U32 | memoryview,
        blob: U8 | memoryview,
        count: int,
        pages: Pages,
        heads_at: int,
        blob_at: int,
    ) -> None:
        heads, blob = np.asarray(heads), np.asarray(blob)
        if count < 0 or len(heads) != (count + RUN - 1) // RUN:
            raise ValueError("front-coded strings and their heads differ in number")
        ends = [heads_at + 4 * len(heads), blob_at + len(blob)]
        if min(heads_at, blob_at) < 0 or max(ends) > PAGE * len(pages.verified):
            raise ValueError("front-coded strings lie outside the pages of their file")
        self.count = count
        self._heads, self._blob, self._pages = heads, blob, pages
        self._heads_at, self._blob_at = heads_at, blob_at

    def __len__(self) -> int:
        return self.count

    def blame(self) -> NoReturn:
        """Raise for bytes that do not decode."""
        raise ValueError("a front-coded string runs out of its column")

    def get(self, index: int) -> bytes:
        """String number `index`, as bytes."""
        if not 0 <= index < self.count:
            raise IndexError(index)
        return next(self._from(index))

    def texts(self, places: list[int]) -> list[str]:
        """The strings at some places as text; what is no UTF-8 in them is replaced."""
        return [self.get(index).decode("utf-8", "replace") for index in places]

    def slice(self, start: int = 0, stop: int | None = None) -> list[bytes]:
        """Strings `start:stop` (None: to the end), as a list of bytes."""
        return list(self._between(start, self.count if stop is None else stop))

    def joined(self) -> tuple[U8, I64]:
        """All strings one after another: `(bytes uint8, starts int64)`, the end included."""
        texts = self.slice()
        starts = np.cumsum([0, *map(len, texts)], dtype=np.int64)
        return np.frombuffer(b"".join(texts), np.uint8), starts

    def bisect(self, needle: bytes) -> int:
        """The first index whose string is not below `needle`; the strings must ascend."""
        below = bisect_left(range(len(self._heads)), needle, key=lambda i: self.get(RUN * i))
        if below == 0:
            return 0
        first = RUN * (below - 1)
        for i, text in enumerate(self._between(first, first + RUN), first):
            if text >= needle:
                return i
        return min(first + RUN, self.count)

    def find(self, needle: bytes) -> int:
        """The index of `needle`, or -1; the strings must ascend."""
        at = self.bisect(needle)
        return at if at < self.count and self.get(at) == needle else -1

    def find_among(self, needle: bytes, parent: bytes, start: int, stop: int) -> int:
        """The index in `start:stop` of `needle`, or -1, where an empty string stands for `parent`.

        Any order will do: the range is read from its beginning.
        """
        for i, text in enumerate(self._between(start, stop), max(start, 0)):
            if text == needle or (not text and needle == parent):
                return i
        return -1

    def _between(self, start: int, stop: int) -> Iterator[bytes]:
        start, stop = max(start, 0), min(stop, self.count)
        return islice(self._from(start), max(stop - start, 0))

    def _from(self, start: int) -> Iterator[bytes]:
        """The strings from number `start` on; reads no further than it is asked to."""
        for block in range(start // RUN, len(self._heads)):
            self._touch(self._heads_at + 4 * block, 4)
            text, last, place = b"", b"", int(self._heads[block])
            for i in range(RUN * block, min(RUN * (block + 1), self.count)):
                text, place = self._entry(last, place)
                last = text or last
                if i >= start:
                    yield text

    def _entry(self, last: bytes, place: int) -> tuple[bytes, int]:
        """The string at `place`, and where the next one begins; `last`: the last not empty one."""
        if place >= len(self._blob):
            self.blame()
        self._touch(self._blob_at + place, 1)
        shared, rest = divmod(int(self._blob[place]), 16)
        place += 1
        if not shared and not rest:
            return b"", place
        if shared == MORE:
            more, place = self._number(place)
            shared += more
        if rest == MORE:
            more, place = self._number(place)
            rest += more
        if shared > len(last) or rest > LONGEST or place + rest > len(self._blob):
            self.blame()
        self._touch(self._blob_at + place, rest)
        text = _spread(self._blob[place : place + rest].tobytes())
        if text is None:
            self.blame()
        return last[:shared] + text, place + rest

    def _number(self, place: int) -> tuple[int, int]:
        """The LEB128 number at `place`, and where it ends."""
        value = 0
        for shift in range(0, 35, 7):
            if place >= len(self._blob):
                break
            self._touch(self._blob_at + place, 1)
            byte = int(self._blob[place])
            place += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value, place
        return self.blame()

    def _touch(self, start: int, size: int) -> None:
        """Have the pages of some bytes checked, where they have not been."""
        for page in range(start // PAGE, (start + size - 1) // PAGE + 1):
            if not self._pages.verified[page]:
                self._pages.verify(PAGE * page, min(PAGE * (page + 1), len(self._pages.buffer)))


class Filter:
    """Tells of most strings that were not added that they were not (Bloom 1970).

    Args:
        capacity: strings that it is for; with more it errs more often.
    """

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError("a filter is for one string at least")
        self.capacity, self.count = capacity, 0
        self._hashes: set[int] = set()

    def add(self, blob: U8, edges: U32) -> None:
        """Add packed strings."""
        whole, ends = blob.tobytes(), edges.tolist()
        if any(a > b for a, b in pairwise([*ends, len(whole)])):
            raise ValueError("packed strings and their edges do not fit")
        self._hashes.update(hash(whole[a:b]) for a, b in pairwise(ends))
        self.count += max(len(ends) - 1, 0)

    def may_have(self, text: bytes) -> bool:
        """False: the string was not added."""
        return hash(text) in self._hashes
