"""From a word to its rungs, by one lexicon and one user's table."""

import functools
import os
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise

from ..hints import TYPE_CHECKING
from ..records import NamedTuple
from . import letters
from .lexicon import Lexicon, digest
from .spelling import fold
from .stem import Candidate, Stemmer

if TYPE_CHECKING:
    from pathlib import Path

    from ..kernels import Ladder
    from ..kernels.twins.arrays import U32
    from .overrides import Overrides

RULES = 3
"""Raised with every change to the rules that changes a rung of any word."""

FEW = 32
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


def _remembering(function: Callable[[str], Rungs]) -> Callable[[str], Rungs]:
    """A function that knows its last answers, with nothing in Python between."""
    return functools.lru_cache(maxsize=1 << 15)(function)


class Analyzer:
    """Brings words to their rungs; safe to share between threads.

    Args:
        own: the user's table, from `overrides.read`.

    Attributes:
        fingerprint: short text that changes with the rules, the letter tables, the lexicon and
            the user's table; two indexes with the same one can be read alike.
        rungs: the rungs of a word, a function that knows its last answers.
    """

    def __init__(self, own: "Overrides | None" = None) -> None:
        self._own = own.stems if own else {}
        self._own_source = own.source if own else ""
        self._lexicon = Lexicon(os.path.join(letters.DATA, "lexicon.bin"))
        self._stemmer = Stemmer(self._lexicon, self._own)
        self._cold = 0
        self.rungs = _remembering(self.rungs_anew)

    @classmethod
    def from_file(cls, path: "str | Path") -> "Analyzer":
        """An analyzer with a user's table of words (see `overrides`)."""
        from . import overrides

        return cls(overrides.read(path))

    @functools.cached_property
    def fingerprint(self) -> str:
        """See the class."""
        parts = (
            str(RULES).encode(),
            letters.packed_ranges(),
            self._lexicon.digest,
            self._own_source.encode("utf-8", "surrogatepass"),
        )
        whole = b"".join(len(part).to_bytes(8, "little") + part for part in parts)
        return digest(whole, 8).hex()

    @functools.cached_property
    def _ladder(self) -> "Ladder":
        """What reads words at full speed; it is made when many have been asked for."""
        from .tables import ladder

        return ladder(self._lexicon, self._own, self._other, Rungs)

    def rungs_anew(self, word: str) -> Rungs:
        """What `rungs` remembers."""
        if self._cold < FEW:
            self._cold += 1
            return self._other(word)
        found: Rungs = self._ladder.climb(word)
        return found

    def _other(self, word: str) -> Rungs:
        """The rungs of a word of any kind."""
        spelling = fold(word)
        return Rungs(word.replace("\0", ""), spelling, *self._climb(spelling))

    def _climb(self, spelling: str) -> tuple[str, str]:
        """The stem and the root of a folded word."""
        if not is_arabic(spelling):
            from . import foreign

            return foreign.stem_and_root(spelling)
        found = self._ladder.stem(spelling) if self._cold >= FEW else None
        return found or self._stemmer.candidates(spelling)[0][1:3]

    def rungs_of(self, words: Sequence[str]) -> list[Rungs]:
        """The rungs of many words, in their order; ten times as fast as one by one.

        Once a few dozen words were asked for, together or one by one, an index of the lexicon is
        made in memory, and a word that is new is read as fast alone.
        """
        self._cold += len(words)
        if self._cold < FEW:
            return [self._other(word) for word in words]
        return self._ladder.climb_all(words)

    def keys_of(self, codes: "U32", edges: "U32") -> "tuple[bytes, memoryview]":
        """The rungs of many words as sort keys, packed; other threads can run meanwhile.

        Args:
            codes: the code points of the words, one word after another.
            edges: where each begins in them, and the end.

        Returns:
            Keys, `root NUL stem NUL spelling NUL written` in UTF-8, one after another; and where
            each begins, and the end, uint32.
        """
        if self._cold + len(edges) <= FEW:
            return packed(self.rungs_of(_words(codes, edges)))
        self._cold += len(edges) - 1
        return self._ladder.keys(codes, edges)

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


def packed(rungs: Iterable[Rungs]) -> "tuple[bytes, memoryview]":
    """Rungs as `Analyzer.keys_of` gives them."""
    from array import array

    keys = ["\0".join(reversed(each)).encode() for each in rungs]
    edges = array("I", accumulate(map(len, keys), initial=0))
    return b"".join(keys), memoryview(edges)


def _words(codes: "U32", edges: "U32") -> list[str]:
    return ["".join(map(chr, codes[a:b].tolist())) for a, b in pairwise(edges.tolist())]


@functools.cache
def default() -> Analyzer:
    """The analyzer without a user's table, opened at first use."""
    return Analyzer()


@_remembering
def rungs(word: str) -> Rungs:
    """The four rungs of a word; see `Analyzer`."""
    return default().rungs_anew(word)


def rungs_of(words: Sequence[str]) -> list[Rungs]:
    """The rungs of many words, in their order; see `Analyzer.rungs_of`."""
    return default().rungs_of(words)


def keys_of(codes: "U32", edges: "U32") -> "tuple[bytes, memoryview]":
    """The rungs of many words as sort keys; see `Analyzer.keys_of`."""
    return default().keys_of(codes, edges)


def readings(word: str) -> tuple[Reading, ...]:
    """The lemmas that a query word may stand for; see `Analyzer.readings`."""
    return default().readings(word)
