"""Which spellings a prefix, a wildcard, a regular expression, a range or a near word means.

Each is a `Finder`: it takes the spellings of a segment and gives the places of those that
match, each with a weight. None can take more than linear time in the spellings: wildcards
become regular expressions of atomic groups, which do not go back on what they matched, and
regular expressions are run by an automaton of our own.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ..arabic.spelling import fold_character
from ..index.dtypes import Array
from . import automaton, tree
from .spellings import Spellings

FUZZY_WEIGHTS = (1.0, 0.7, 0.5)
"""Weight of a near word by its distance."""

WILD_LIMIT = 200
"""Characters of a pattern; a longer one is cut and ends in a star."""


Spread = tree.Pattern | tree.Fuzzy | tree.Range
"""The parts of a query that stand for many words."""


@dataclass(slots=True)
class Finder:
    """Finds spellings.

    Attributes:
        find: gives the places of those that match, ascending, and their weights.
        machine: what runs a regular expression, if this is one.
    """

    find: Callable[[Spellings], tuple[Array, Array]]
    machine: automaton.Automaton | None = None

    def __call__(self, spellings: Spellings) -> tuple[Array, Array]:
        """The places of the spellings that match, ascending, and their weights."""
        return self.find(spellings)

    @property
    def tired(self) -> bool:
        """Whether it gave up before the last spelling."""
        return self.machine is not None and self.machine.tired


def fold(text: str, keep: str = "") -> str:
    """A part of a word as the spelling rung has it; the characters `keep` stay.

    Marks are dropped: patterns go by letters.
    """
    return "".join(char if char in keep else fold_character(char) for char in text)


def finder_of(node: Spread) -> Finder:
    """The finder of a part of the query.

    Raises:
        QueryError: for a regular expression that cannot be read.
    """
    match node:
        case tree.Fuzzy():
            return Finder(partial(_near, fold(node.text), node.distance, node.prefix))
        case tree.Range():
            low, high = (None if end is None else fold(str(end)) for end in (node.low, node.high))
            return Finder(partial(_between, low, high, node.open_low, node.open_high))
        case tree.Pattern(kind="prefix", text=text):
            return Finder(partial(_beginning, fold(text)))
        case tree.Pattern(kind="wildcard", text=text):
            return _wildcard(fold(text, "*?[]!"))
    machine = automaton.compile(node.text, fold_character)
    return Finder(partial(_accepted, machine), machine)


def glob(pattern: str) -> re.Pattern[str]:
    """A wildcard pattern as a regular expression that does not backtrack."""
    if len(pattern) > WILD_LIMIT:
        pattern = pattern[:WILD_LIMIT] + "*"
    return re.compile(fnmatch.translate(re.sub(r"\*+", "*", pattern)))


def _wildcard(pattern: str) -> Finder:
    head = re.split(r"[*?\[]", pattern, maxsplit=1)[0]
    return Finder(partial(_globbed, head, glob(pattern)))


def _result(
    places: Iterable[int] | range, weights: Sequence[float] | None = None
) -> tuple[Array, Array]:
    at = np.array(places, np.int64)
    return at, np.ones(len(at), np.float32) if weights is None else np.array(weights, np.float32)


def _beginning(prefix: str, spellings: Spellings) -> tuple[Array, Array]:
    return _result(spellings.beginning(prefix))


def _between(
    low: str | None, high: str | None, above: bool, below: bool, spellings: Spellings
) -> tuple[Array, Array]:
    return _result(spellings.between(low, high, above=above, below=below))


def _globbed(head: str, pattern: re.Pattern[str], spellings: Spellings) -> tuple[Array, Array]:
    texts, match = spellings.texts, pattern.match
    return _result([i for i in spellings.beginning(head) if match(texts[i])])


def _accepted(machine: automaton.Automaton, spellings: Spellings) -> tuple[Array, Array]:
    return _result(list(machine.accepted(spellings.texts)))


def _near(text: str, distance: int, prefix: int, spellings: Spellings) -> tuple[Array, Array]:
    """Spellings at most `distance` edits (Levenshtein 1966) away that begin the same."""
    near = spellings.beginning(text[:prefix])
    lengths = spellings.lengths[near.start : near.stop]
    places = np.flatnonzero(np.abs(lengths - len(text)) <= distance) + near.start
    texts = [spellings.texts[i] for i in places.tolist()]
    distances = distances_to(text, texts, distance)
    there = distances <= distance
    weights = np.array(FUZZY_WEIGHTS, np.float32)[distances[there]]
    return places[there], weights


def distances_to(text: str, others: Sequence[str], limit: int) -> Array:
    """Edit distances from a word to others; those over the limit are limit + 1."""
    if not others:
        return np.empty(0, np.int64)
    found = process.cdist(
        [text], others, scorer=Levenshtein.distance, score_cutoff=limit, dtype=np.int32
    )
    return np.asarray(found[0], np.int64)
