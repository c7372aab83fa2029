"""Which texts a prefix, a wildcard, a regular expression, a range or a near word means.

Each is a `Finder`: it takes texts that ascend, words or keywords, and gives the places of
those that match, each with a weight. None can take more than the length of the texts times
that of the pattern: nothing backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .. import kernels
from ..arabic.spelling import fold_character
from ..index.dtypes import Array
from . import automaton, tree

FUZZY_WEIGHTS = (1.0, 0.7, 0.5)
"""Weight of a near word by its distance."""

WILD_LIMIT = 200
"""Characters of a pattern; a longer one is cut and ends in a star."""


Spread = tree.Pattern | tree.Fuzzy | tree.Range
"""The parts of a query that stand for many words."""

Found = tuple[Array, Array]
"""The places of the texts that match, ascending, and their weights (float32)."""


@dataclass(slots=True)
class Finder:
    """Finds texts.

    Attributes:
        find: gives the places of those that match, ascending, and their weights.
        machine: what runs a regular expression, if this is one.
    """

    find: Callable[[kernels.Texts], Found]
    machine: automaton.Automaton | None = None

    def __call__(self, texts: kernels.Texts) -> Found:
        """The places of the texts that match, ascending, and their weights."""
        return self.find(texts)

    @property
    def tired(self) -> bool:
        """Whether it gave up before the last text."""
        return self.machine is not None and self.machine.tired


def fold(text: str) -> str:
    """A part of a word, or a pattern, as the spelling rung has it.

    Marks are dropped: patterns go by letters. The signs `*` and `?` stay.
    """
    return "".join(char if char in "*?" else fold_character(char) for char in text)


def finder_of(node: Spread, fold: Callable[[str], str]) -> Finder:
    """The finder of a part of the query.

    Args:
        node: the part.
        fold: applied to its letters.

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
        case tree.Pattern(kind="wildcard", text=text) if "[" not in text:
            return Finder(partial(_matching, _bounded(fold(text))))
        case tree.Pattern(kind="wildcard", text=text):
            return _regular(_with_sets(_bounded(text)), fold)
    return _regular(node.text, fold)


def beginning(texts: kernels.Texts, prefix: str) -> range:
    """The places of the texts that begin with a prefix."""
    head = _encoded(prefix)
    return range(texts.bisect(head), texts.bisect(head + b"\xff"))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _bounded(pattern: str) -> str:
    """A wildcard pattern that is not too long, each row of stars as one."""
    if len(pattern) > WILD_LIMIT:
        pattern = pattern[:WILD_LIMIT] + "*"
    return re.sub(r"\*+", "*", pattern)


def _with_sets(pattern: str) -> str:
    """A wildcard pattern with sets, `[abc]` and `[!abc]`, as a regular expression."""
    out, at = [], 0
    while at < len(pattern):
        least = at + 3 if pattern.startswith("[!", at) else at + 2
        end = pattern.find("]", least) if pattern[at] == "[" else -1
        if end > 0:
            inner = pattern[at + 1 : end]
            negated = inner.startswith("!")
            letters = re.sub(r"([\\\[\]^])", r"\\\1", inner[negated:])
            out.append(f"[{'^' * negated}{letters}]")
            at = end
        else:
            out.append({"*": ".*", "?": "."}.get(pattern[at]) or re.escape(pattern[at]))
        at += 1
    return "".join(out)


def _regular(pattern: str, fold: Callable[[str], str]) -> Finder:
    machine = automaton.compile(pattern, fold)
    return Finder(partial(_accepted, machine), machine)


def _even(places: Array) -> Found:
    return places, np.ones(len(places), np.float32)


def _beginning(prefix: str, texts: kernels.Texts) -> Found:
    return _even(np.array(beginning(texts, prefix), np.int64))


def _between(
    low: str | None, high: str | None, above: bool, below: bool, texts: kernels.Texts
) -> Found:
    """The texts from `low` to `high` (None: no border); without the border itself if so told."""
    start, end = 0, len(texts)
    if low is not None:
        start = texts.bisect(_encoded(low) + b"\0" * above)
    if high is not None:
        end = texts.bisect(_encoded(high) + b"\0" * (not below))
    return _even(np.arange(start, max(start, end)))


def _matching(pattern: str, texts: kernels.Texts) -> Found:
    head = re.split(r"[*?]", pattern, maxsplit=1)[0]
    near = beginning(texts, head)
    return _even(texts.matching(_encoded(pattern), near.start, near.stop))


def _accepted(machine: automaton.Automaton, texts: kernels.Texts) -> Found:
    return _even(np.array(list(machine.accepted(_Decoded(texts))), np.int64))


class _Decoded(Sequence[str]):
    """Texts as strings, each when it is asked for."""

    def __init__(self, texts: kernels.Texts) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __getitem__(self, index: Any) -> Any:
        return self._texts.get(index).decode("utf-8", "replace")


def _near(text: str, distance: int, prefix: int, texts: kernels.Texts) -> Found:
    """Texts at most `distance` edits (Levenshtein 1966) away that begin the same."""
    near = beginning(texts, text[:prefix])
    places, distances = texts.near(text, distance, False, near.start, near.stop)
    return places, np.array(FUZZY_WEIGHTS, np.float32)[distances]
