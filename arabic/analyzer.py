"""From a word to its rungs, by one lexicon and one user's table."""

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from . import foreign, letters, overrides
from .lexicon import Lexicon, Stem
from .spelling import fold
from .stem import Candidate, Stemmer

RULES = 1
"""Raised with every change to the rules that changes a rung of any word."""

MANY = 1000
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
        self._climb = functools.lru_cache(maxsize=1 << 16)(self._climb_once)
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

    def _climb_once(self, spelling: str) -> Stem:
        """The stem and the root of a folded word."""
        if is_arabic(spelling):
            return self._stemmer.best(spelling)
        stem = foreign.stem(spelling)
        return Stem(stem, stem)

    def _rungs_once(self, word: str) -> Rungs:
        spelling = fold(word)
        stem, root = self._climb(spelling)
        return Rungs(word.replace("\0", ""), spelling, stem, root)

    def rungs_of(self, words: Sequence[str]) -> list[Rungs]:
        """The rungs of many words, in their order.

        A thousand words or more first read the lexicon's keys into memory, once.
        """
        if len(words) >= MANY:
            self._lexicon.warm()
        climb, found = self._climb, []
        for word in words:
            spelling = fold(word)
            stem, root = climb(spelling)
            found.append(Rungs(word.replace("\0", ""), spelling, stem, root))
        return found

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
