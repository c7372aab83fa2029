"""From a word to its rungs, by one lexicon and one user's table."""

import contextlib
import functools
import gc
import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from . import foreign, letters, overrides
from .lexicon import Lexicon
from .spelling import fold, fold_all
from .stem import Candidate, Stemmer

if TYPE_CHECKING:
    from .bulk import Reader, Table

RULES = 2
"""Raised with every change to the rules that changes a rung of any word."""

MANY = 300
LEAST_WEIGHT = 0.1
MOST_READINGS = 4


class Rungs(NamedTuple):
    """A word on the four rungs of the ladder, narrowest first."""

    written: str
    spelling: str
    stem: str
    root: str


class Reading(NamedTuple):
    """One lemma that a query word may stand for; the likeliest weighs 1."""

    stem: str
    root: str
    weight: float


def is_arabic(spelling: str) -> bool:
    """Whether a folded word is of Arabic letters."""
    return "\u0621" <= spelling[:1] <= "\u06d3"


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """No search for cyclic garbage meanwhile: many objects are made, and no cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Analyzer:
    """Brings words to their rungs; safe to share between threads.

    Args:
        own: the user's table, from `overrides.read`.

    Attributes:
        fingerprint: short text that changes with the rules, the letter tables, the lexicon and
            the user's table; two indexes with the same one can be read alike.
    """

    def __init__(self, own: overrides.Overrides | None = None) -> None:
        self._own = own or overrides.Overrides()
        self._lexicon = Lexicon(letters.DATA / "lexicon.bin")
        self._stemmer = Stemmer(self._lexicon, self._own.stems)
        self._table: Table | None = None
        self._last: Reader | None = None
        self._cold = 0
        self.rungs = functools.lru_cache(maxsize=1 << 15)(self._rungs_once)

    @classmethod
    def from_file(cls, path: str | Path) -> "Analyzer":
        """An analyzer with a user's table of words (see `overrides`)."""
        return cls(overrides.read(Path(path)))

    @functools.cached_property
    def fingerprint(self) -> str:
        """See the class."""
        parts = (
            str(RULES).encode(),
            letters.packed_ranges(),
            self._lexicon.digest,
            self._own.source.encode("utf-8", "surrogatepass"),
        )
        digest = hashlib.blake2b(digest_size=8)
        for part in parts:
            digest.update(len(part).to_bytes(8, "little") + part)
        return digest.hexdigest()

    def _reader(self) -> "Reader":
        """What reads many words; the first one brings the lexicon into memory."""
        from .bulk import Reader, Table

        if self._table is None:
            self._table = Table(self._lexicon, self._own.stems)
        if self._last is None or self._last.is_full:
            self._last = Reader(self._table)
        return self._last

    def _climb(self, spelling: str) -> tuple[str, str]:
        """The stem and the root of a folded word."""
        if not is_arabic(spelling):
            return foreign.stem_and_root(spelling)
        if self._cold < MANY:
            self._cold += 1
            return self._stemmer.candidates(spelling)[0][1:3]
        return self._reader().stem(spelling)

    def _rungs_once(self, word: str) -> Rungs:
        spelling = fold(word)
        return Rungs(word.replace("\0", ""), spelling, *self._climb(spelling))

    def rungs_of(self, words: Sequence[str]) -> list[Rungs]:
        """The rungs of many words, in their order.

        Once three hundred words were asked for, together or one by one, the lexicon is brought into
        memory, and words are read ten times as fast from then on.
        """
        self._cold = max(self._cold, len(words))
        if self._cold < MANY:
            return [self.rungs(word) for word in words]
        with _no_collection():
            spellings = fold_all(words)
            stems = {spelling: self._climb(spelling) for spelling in dict.fromkeys(spellings)}
            return [
                Rungs(word.replace("\0", ""), spelling, *stems[spelling])
                for word, spelling in zip(words, spellings, strict=True)
            ]

    def candidates(self, word: str) -> list[Candidate]:
        """All ways to read a word, likeliest first; none for a word of another script."""
        spelling = fold(word)
        return self._stemmer.candidates(spelling) if is_arabic(spelling) else []

    def readings(self, word: str) -> tuple[Reading, ...]:
        """The lemmas that a query word may stand for, likeliest first.

        Returns:
            At most four readings with distinct stems; the first is that of `rungs`, of weight 1.
            The others weigh as much as they are less likely, and at least a tenth.
        """
        best = self.rungs(word)
        found = {best.stem: Reading(best.stem, best.root, 1.0)}
        candidates = self.candidates(word)
        for candidate in candidates:
            weight = 2.0 ** min(0.0, candidate.score - candidates[0].score)
            if weight >= LEAST_WEIGHT and candidate.stem not in found:
                found[candidate.stem] = Reading(candidate.stem, candidate.root, weight)
        return tuple(found.values())[:MOST_READINGS]


@functools.cache
def default() -> Analyzer:
    """The analyzer without a user's table, opened at first use."""
    return Analyzer()


def rungs(word: str) -> Rungs:
    """The four rungs of a word; see `Analyzer`."""
    return default().rungs(word)


def rungs_of(words: Sequence[str]) -> list[Rungs]:
    """The rungs of many words, in their order; see `Analyzer.rungs_of`."""
    return default().rungs_of(words)


def readings(word: str) -> tuple[Reading, ...]:
    """The lemmas that a query word may stand for; see `Analyzer.readings`."""
    return default().readings(word)
