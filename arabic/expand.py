"""Other words that a query's words stand for: months, names, numbers."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

KINDS = ("months", "names", "numbers")


class Expansion(NamedTuple):
    """Alternatives for the words `start` to `end` (exclusive) of a query."""

    kind: str
    start: int
    end: int
    alternatives: tuple[tuple[str, ...], ...]
    note: str


def expansions(words: Sequence[str], kinds: Collection[str] = KINDS) -> list[Expansion]:
    """What a query's words may also be called."""
    return []
