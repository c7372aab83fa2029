"""Sorting strings: keys of four levels into a tree, and sorted runs into one.

Strings are packed: a `blob` of their bytes (uint8), one after another, and `edges` (uint32), where
each begins in it, and the end. They sort by their bytes.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import ne

import numpy as np

from .arrays import I64, U8, U32, Texts

Key = tuple[str, str, str, str]
Run = tuple[U8, U32, U32, U8]
Sorted = tuple[U32, U32, U32, list[Texts], list[U32]]

GONE = 0xFFFFFFFF


def packed(strings: Sequence[bytes]) -> Texts:
    """Strings, packed."""
    edges = np.cumsum([0, *map(len, strings)])
    if edges[-1] > GONE:
        raise OverflowError("packed strings take at most 4 GiB")
    return np.frombuffer(b"".join(strings), np.uint8).copy(), edges.astype(np.uint32)


def unpacked(blob: U8, edges: U32) -> list[bytes]:
    """Packed strings, one by one.

    Raises:
        ValueError: where the two do not fit.
    """
    ends, whole = edges.tolist(), blob.tobytes()
    if not ends or ends[0] or ends[-1] != len(whole) or any(a > b for a, b in pairwise(ends)):
        raise ValueError("packed strings and their edges do not fit")
    return [whole[a:b] for a, b in pairwise(ends)]


def sort_texts(strings: list[str]) -> tuple[U32, Texts]:
    """Sort strings by their UTF-8 bytes: `(ranked, texts)`.

    `ranked`, uint32: their places in the list, in order; `texts`: they in that order, packed.
    """
    texts = [string.encode() for string in strings]
    ranked = sorted(range(len(texts)), key=texts.__getitem__)
    return np.array(ranked, np.uint32), packed([texts[i] for i in ranked])


class Keys:
    """Distinct keys of four strings each, numbered from 0 as they are added."""

    def __init__(self) -> None:
        self._keys: list[tuple[bytes, ...]] = []

    def __len__(self) -> int:
        return len(self._keys)

    def extend(self, rows: Iterable[Key]) -> None:
        """Add keys: tuples of four str without NUL, the lowest level first."""
        for row in rows:
            if any("\0" in string for string in row):
                raise ValueError("a key's strings have no NUL in them")
            self._keys.append(tuple(string.encode() for string in reversed(row)))

    def take(self, blob: U8 | bytes, edges: U32 | memoryview) -> None:
        """Add packed keys: each of four strings in UTF-8, the highest first, NUL between."""
        for key in unpacked(np.frombuffer(blob, np.uint8), np.asarray(edges)):
            strings = tuple(key.split(b"\0"))
            if len(strings) != 4:
                raise ValueError("a key is four strings with NUL between")
            self._keys.append(strings)

    def sort(self, used: U8 | None = None) -> Sorted:
        """Sort the keys, or those that are used, and take them apart: see `Sorting`."""
        sorting = Sorting(self, used)
        sorting.sort(0)
        return sorting.tree()

    def rows(self) -> list[tuple[bytes, ...]]:
        """The keys, each as its strings."""
        return self._keys


class Sorting:
    """Keys while they are sorted, in parts that threads can take one each: `sort` all, then `tree`.

    Args:
        keys: they; none is added meanwhile.
        used: uint8, one a key: not 0 where it is used. None: all are.

    Attributes:
        parts: how many there are, numbered from 0.
    """

    parts = 1

    def __init__(self, keys: Keys, used: U8 | None = None) -> None:
        if used is not None and len(used) != len(keys):
            raise ValueError("keys and what is used of them differ in number")
        self._keys, self._used = keys.rows(), used
        self._sorted: U32 | None = None

    def sort(self, part: int) -> None:
        """Sort a part and take it apart. Other threads can run meanwhile, and sort others."""
        if part:
            raise ValueError(f"there is no part {part}")
        if self._sorted is not None:
            raise ValueError(f"part {part} is sorted")
        used = self._used
        numbers = range(len(self._keys)) if used is None else np.flatnonzero(used).tolist()
        self._sorted = np.array(sorted(numbers, key=self._keys.__getitem__), np.uint32)

    def tree(self) -> Sorted:
        """The sorted keys, taken apart level by level.

        Returns:
            `(ranked, groups, forms, levels, children)`: the keys' numbers in order; of each key by
            its number, the place of its highest string among all such, and its own place among
            those under it (0 and 0 where it is not used); of each level, from the highest, its
            strings as `(blob, edges)`, empty where they equal their parent's; of each level but
            the last, where each string's children begin on the next one, and the end. All but
            the blobs are uint32.
        """
        keys, ranked = self._keys, self._sorted
        if ranked is None:
            raise ValueError("part 0 is not sorted yet")
        levels, starts = take_apart([keys[i] for i in ranked.tolist()])
        sizes = np.diff(starts[0], append=len(ranked))
        groups, forms = np.zeros((2, len(keys)), np.uint32)
        groups[ranked] = np.repeat(np.arange(len(sizes)), sizes)
        forms[ranked] = np.arange(len(ranked)) - np.repeat(starts[0], sizes)
        children = [
            np.append(np.searchsorted(below, here), len(below)).astype(np.uint32)
            for here, below in pairwise(starts)
        ]
        return ranked, groups, forms, levels, children


def take_apart(keys: Sequence[tuple[bytes, ...]]) -> tuple[list[Texts], list[I64]]:
    """The strings of each level of sorted keys, and with which key each begins."""
    levels, starts = [], []
    begins = np.zeros(len(keys), bool)
    for level in range(4):
        column = [key[level] for key in keys]
        begins[:1] = True
        begins[1:] |= np.fromiter(map(ne, column[1:], column), bool, max(len(keys) - 1, 0))
        starts.append(np.flatnonzero(begins))
        mine = [keys[i] for i in starts[-1].tolist()]
        hollow = [level > 0 and key[level] == key[level - 1] for key in mine]
        rows = zip(mine, hollow, strict=True)
        levels.append(packed([b"" if empty else key[level] for key, empty in rows]))
    return levels, starts


def merge_texts(runs: list[Run], parents: Texts) -> tuple[list[U32], U32, Texts, Texts]:
    """Merge sorted runs of strings under parents; strings that are alike become one.

    Args:
        runs: `(blob, edges, above, used)` each: strings, packed; uint32, the place of each
            string's parent; uint8, 0 where a string is left out. They ascend by parent, and by
            bytes under one; an empty one stands for its parent's string.
        parents: their strings, `(blob, edges)`.

    Returns:
        `(ranks, above, texts, hollow)`: of each run, the new place of each string, 0xFFFFFFFF
        where it is left out; of each string, its parent's place; the strings, packed; the same,
        empty where they equal their parent's.

    Raises:
        ValueError: for a run that does not ascend, or a parent that is not there.
    """
    names = unpacked(*parents)
    columns = [keys_of(run, names) for run in runs]
    for keys in columns:
        known = [key for key in keys if key is not None]
        if any(a > b for a, b in pairwise(known)):
            raise ValueError("a run of strings does not ascend")
    merged = sorted({key for keys in columns for key in keys if key is not None})
    place: dict[tuple[int, bytes] | None, int] = {key: at for at, key in enumerate(merged)}
    place[None] = GONE
    ranks = [np.array([place[key] for key in keys], np.uint32) for keys in columns]
    above = np.array([parent for parent, _ in merged], np.uint32)
    hollow = [b"" if text == names[parent] else text for parent, text in merged]
    return ranks, above, packed([text for _, text in merged]), packed(hollow)


def keys_of(run: Run, parents: list[bytes]) -> list[tuple[int, bytes] | None]:
    """The parent and the string of each row of a run, None where it is left out."""
    blob, edges, above, used = run
    strings = unpacked(blob, edges)
    if len(above) != len(strings) or len(used) != len(strings):
        raise ValueError("strings and their parents differ in number")
    keys: list[tuple[int, bytes] | None] = []
    for text, parent, kept in zip(strings, above.tolist(), used.tolist(), strict=True):
        if kept and parent >= len(parents):
            raise ValueError("a string's parent is not there")
        keys.append((parent, text or parents[parent]) if kept else None)
    return keys
