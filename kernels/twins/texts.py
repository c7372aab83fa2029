"""Many texts in one buffer: put in order, matched with patterns, compared with a word."""

from __future__ import annotations

import re
from bisect import bisect_left

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA, Levenshtein

from .arrays import I64, U8, U32


class Texts:
    """Texts one after another.

    Args:
        blob: uint8, their bytes.
        starts: int64, ascending, where each begins; and the end.
    """

    def __init__(self, blob: U8, starts: I64) -> None:
        if not len(starts) or starts[0] != 0 or starts[-1] != len(blob):
            raise ValueError("texts do not fill their buffer")
        if (starts[1:] < starts[:-1]).any():
            raise ValueError("texts do not ascend in their buffer")
        self.blob, self.starts = blob, starts
        self.count = len(starts) - 1

    def __len__(self) -> int:
        return self.count

    def get(self, index: int) -> bytes:
        """Text number `index`, as bytes."""
        if not 0 <= index < self.count:
            raise IndexError(index)
        return self.blob[self.starts[index] : self.starts[index + 1]].tobytes()

    def slice(self, start: int, stop: int) -> list[bytes]:
        """Texts `start:stop`, as a list of bytes."""
        return [self.get(i) for i in range(max(start, 0), min(stop, self.count))]

    def filled(self, above: Texts, parents: U32) -> Texts:
        """The same with each empty text replaced by its parent's.

        Args:
            above: texts.
            parents: uint32, of each text its parent's number among those.
        """
        if len(parents) != self.count:
            raise ValueError("texts and parents differ in number")
        if len(parents) and parents.max() >= above.count:
            raise ValueError("there is no such parent")
        own = self.slice(0, self.count)
        return _texts([t or above.get(p) for t, p in zip(own, parents.tolist(), strict=True)])

    def take(self, numbers: U32) -> Texts:
        """The texts with some numbers (uint32)."""
        return _texts([self.get(i) for i in numbers.tolist()])

    def ranked(self) -> tuple[U32, U32]:
        """The order of the texts, bytewise.

        Returns:
            uint32, their numbers in order, equal ones as they stand; and uint32, of each text
            the number of distinct texts below it.
        """
        every = self.slice(0, self.count)
        places = {text: at for at, text in enumerate(sorted(set(every)))}
        ranks = np.array([places[text] for text in every], np.uint32)
        return np.argsort(ranks, kind="stable").astype(np.uint32), ranks

    def bisect(self, needle: bytes) -> int:
        """The first number whose text is not below `needle`; the texts must ascend."""
        return bisect_left(range(self.count), needle, key=self.get)

    def matching(self, pattern: bytes, start: int, stop: int) -> U32:
        """The numbers (uint32) in `start:stop` of the texts that match a pattern as a whole.

        In the pattern `?` is any one character and `*` any number of them. Takes at most the
        length of the texts times that of the pattern.
        """
        start, stop = max(start, 0), min(stop, self.count)
        match = _expression(pattern.decode("utf-8", "replace")).fullmatch
        texts = [text.decode("utf-8", "replace") for text in self.slice(start, stop)]
        return np.array([i for i, text in enumerate(texts, start) if match(text)], np.uint32)

    def near(self, word: str, limit: int, swaps: bool, start: int, stop: int) -> tuple[U32, U8]:
        """The texts in `start:stop`, which ascend, that are at most `limit` edits from a word.

        An edit is a character too many, too few or another; with `swaps` also two neighbours
        exchanged, once (Damerau 1964; optimal string alignment). Texts share the rows of the
        table for what they share at their beginning.

        Returns:
            their numbers (uint32) and distances (uint8).
        """
        if not 0 <= limit < 100:
            raise ValueError("a limit of 0 to 99 edits")
        start, stop = max(start, 0), min(stop, self.count)
        texts = [text.decode("utf-8", "replace") for text in self.slice(start, stop)]
        if not texts:
            return np.empty(0, np.uint32), np.empty(0, np.uint8)
        scorer = OSA.distance if swaps else Levenshtein.distance
        found = process.cdist([word], texts, scorer=scorer, score_cutoff=limit, dtype=np.int32)[0]
        places = np.flatnonzero(found <= limit)
        return (places + start).astype(np.uint32), found[places].astype(np.uint8)


def _texts(texts: list[bytes]) -> Texts:
    starts = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    return Texts(np.frombuffer(b"".join(texts), np.uint8), starts)


def _expression(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression that does not go back on what a star has taken."""
    head, *parts = re.sub(r"\*+", "*", pattern).split("*")
    quoted = [re.escape(part).replace(r"\?", ".") for part in (head, *parts)]
    if not parts:
        return re.compile(quoted[0], re.S)
    middle = "".join(f"(?>.*?{part})" for part in quoted[1:-1])
    return re.compile(f"{quoted[0]}{middle}.*{quoted[-1]}", re.S)
