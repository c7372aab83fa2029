"""The impacts of the words and phrases that are asked for most, as many as fit into some memory.

A few words are in most queries. What they give to each document is worked out when they are
first asked for and then kept, so that the next query need not read their postings again. To
keep a word costs as much as it saves each time that it is asked for, in proportion, so where
there is no more room those go that were asked for least (LFU, with counts that fade).
"""

from __future__ import annotations

from _thread import allocate_lock
from collections import OrderedDict
from collections.abc import Sequence

from ..hints import Generic, TypeVar

T = TypeVar("T")

BUDGET = 512
"""Megabytes for all that is kept, where nothing else is said: what the words of a few hundred
queries take in a million articles. With less of them kept a query there takes longer."""

OUTLINES = 1 / 8
"""The part for outlines, of words of which the impacts are not kept: they take far less."""

PHRASES = 1 / 64
"""The part for impacts of phrases; a phrase takes less and costs more than a word."""

OVERHEAD = 512
"""Bytes that a held word takes beside its impacts: objects, a key, a place in a table."""

SPARE = 1024
"""Bytes of the impacts of a word in a segment that do not grow with these, at most."""

KNOWN = 1 << 15
"""Words that are not held of which is known how often they were asked for."""

LOOKS = 4
"""Held words that are looked at to make room for another."""

Key = tuple[int, ...]
"""The number of a word; or of a phrase how near, and its words."""


def most_bytes(documents: int, postings: int) -> int:
    """Memory that the impacts of a word in a segment take at most.

    Args:
        documents: of the segment.
        postings: of the word.
    """
    if 16 * postings < documents:
        return SPARE + 8 * postings + documents // 9
    return SPARE + 4 * min(postings, documents) + documents + documents // 7


class Held(Generic[T]):
    """What is known of something in each segment, and how often it was asked for.

    Attributes:
        known: of each segment; None once it is held no more.
    """

    __slots__ = ("known", "nbytes", "uses")

    def __init__(self, known: Sequence[T], nbytes: int, uses: int) -> None:
        self.known: Sequence[T] | None = known
        self.nbytes = nbytes + OVERHEAD
        self.uses = uses


class Memory(Generic[T]):
    """Keeps what is asked for most. Safe to use from several threads.

    Args:
        limit: in bytes.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: OrderedDict[Key, Held[T]] = OrderedDict()
        self._asked: dict[Key, int] = {}
        self._bytes = 0
        self._lock = allocate_lock()

    def get(self, key: Key) -> Sequence[T] | None:
        """What is held under a key, of each segment, or None."""
        found = self.find(key)
        if found is None:
            return None
        found.uses += 1
        return found.known

    def find(self, key: Key) -> Held[T] | None:
        """What is held under a key, for one who will come again, and then counts its uses."""
        return self._held.get(key)

    def wants(self, key: Key, most: int) -> bool:
        """Whether to hold what is not held: it was asked for before, and more than what goes.

        Args:
            key: what was asked for.
            most: bytes that it takes, at most.
        """
        with self._lock:
            uses = self._asked[key] = self._asked.get(key, 0) + 1
            if len(self._asked) > KNOWN:
                self._fade()
            return uses > 1 and self._make_room(most + OVERHEAD, uses)

    def put(self, key: Key, known: Sequence[T], nbytes: int) -> None:
        """Hold something that is wanted, of so many bytes."""
        with self._lock:
            if key in self._held:  # another thread was quicker
                return
            held = self._held[key] = Held(known, nbytes, self._asked.pop(key, 1))
            self._bytes += held.nbytes

    def _make_room(self, nbytes: int, uses: int) -> bool:
        """Let go, of the next few in turn, what was used less; whether there is room then.

        Less is under half as often: else equals would push each other out.
        """
        for _ in range(LOOKS):
            if self._bytes + nbytes <= self._limit or not self._held:
                break
            key, held = self._held.popitem(last=False)
            if 2 * held.uses < uses:
                held.known = None
                self._bytes -= held.nbytes
                self._asked[key] = held.uses
            else:
                self._held[key] = held
        return self._bytes + nbytes <= self._limit

    def _fade(self) -> None:
        """Halve all counts, and forget what was asked for once."""
        self._asked = {key: uses // 2 for key, uses in self._asked.items() if uses > 1}
        for held in self._held.values():
            held.uses = (held.uses + 1) // 2
