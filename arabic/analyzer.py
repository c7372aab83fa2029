"""From a word to its rungs."""

import functools
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from .lexicon import Lexicon
from .spelling import fold
from .stem import Stemmer


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


@functools.cache
def stemmer() -> Stemmer:
    return Stemmer(Lexicon(Path(str(resources.files(__package__).joinpath("data", "lexicon.bin")))))


@functools.lru_cache(maxsize=1 << 17)
def climb(spelling: str) -> tuple[str, str]:
    """(stem, root) of a folded word."""
    if not spelling:
        return "", ""
    best = stemmer().candidates(spelling)[0]
    return best.stem, best.root


@functools.lru_cache(maxsize=1 << 16)
def rungs(word: str) -> Rungs:
    """The four rungs of a word."""
    spelling = fold(word)
    return Rungs(word.replace("\0", ""), spelling, *climb(spelling))


def rungs_of(words: Sequence[str]) -> list[Rungs]:
    """The rungs of many words, in their order."""
    return [rungs(word) for word in words]


def readings(word: str) -> tuple[Reading, ...]:
    """The lemmas that a query word may stand for, likeliest first."""
    found = rungs(word)
    return (Reading(found.stem, found.root, 1.0),)
