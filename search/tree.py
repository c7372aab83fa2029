"""The query tree: what a query means, apart from how it is written and how it is run."""

from __future__ import annotations

from collections.abc import Iterator

from ..hints import TYPE_CHECKING
from ..records import record, value

if TYPE_CHECKING:
    from typing import Literal

    Rung = Literal["written", "spelling", "stem", "root"]
else:
    Rung = str

RUNGS: tuple[Rung, ...] = ("written", "spelling", "stem", "root")
"""The rungs of the ladder, narrowest first."""


FUZZY_LIMIT = 2
"""Edits between a word and one that is near it, at most."""


@record
class Node:
    """A part of a query.

    Attributes:
        boost: multiplies the scores of the part.
        span: where it stands in the query text, in characters; None where it was made up.
    """

    boost: float = value(default=1.0, kw_only=True)
    span: tuple[int, int] | None = value(default=None, kw_only=True, compare=False)


@record
class Word(Node):
    """A word, on all rungs up to `rung` (None: as the search says), in `field` (None: in all).

    Attributes:
        also: other words that may stand for it.
    """

    text: str
    field: str | None = None
    rung: Rung | None = None
    also: tuple[str, ...] = value(default=(), kw_only=True)


@record
class Phrase(Node):
    """Words in this order, with at most `slop` other words among them.

    Attributes:
        spans: where each word stands, if punctuation and not quotes made the phrase: covid-19.
    """

    words: tuple[str, ...]
    slop: int = 0
    field: str | None = None
    rung: Rung | None = None
    spans: tuple[tuple[int, int], ...] = value(default=(), kw_only=True, compare=False)


@record
class And(Node):
    """Documents that match every part."""

    parts: tuple[Node, ...]


@record
class Or(Node):
    """Documents that match any part, and better with more."""

    parts: tuple[Node, ...]


@record
class Best(Node):
    """Documents that match any part, each with the score of the part that gives it most."""

    parts: tuple[Node, ...]


@record
class Not(Node):
    """Documents that do not match the part; no score."""

    part: Node


@record
class AndMaybe(Node):
    """Documents that match `needed`; those that match `wished` too score more."""

    needed: Node
    wished: Node


@record
class Require(Node):
    """Documents that match both; only `scored` counts."""

    scored: Node
    filter: Node


@record
class Constant(Node):
    """Documents that match the part, all with the score `score`."""

    part: Node
    score: float = 1.0


@record
class Every(Node):
    """All documents, or all that have anything in `field`."""

    field: str | None = None


@record
class Nothing(Node):
    """No document."""


@record
class Keyword(Node):
    """Documents with this very string in a keyword or id field."""

    field: str
    value: str


@record
class Range(Node):
    """Documents with a value between two; None leaves an end open.

    `low` and `high` are numbers for number fields, microseconds since 1970 for dates, and
    strings for keyword and text fields; `dates` says that they are dates.
    """

    field: str | None
    low: float | int | str | None
    high: float | int | str | None
    open_low: bool = False
    open_high: bool = False
    dates: bool = value(default=False, compare=False)


@record
class Pattern(Node):
    """Words (or keywords) whose spelling matches.

    Attributes:
        kind: `prefix`; `wildcard`, with ? for one character and * for any; `regex`.
    """

    kind: Literal["prefix", "wildcard", "regex"]
    text: str
    field: str | None = None


@record
class Fuzzy(Node):
    """Words whose spelling is at most `distance` edits away, with `prefix` letters the same."""

    text: str
    distance: int = 1
    prefix: int = 0
    field: str | None = None

    def __post_init__(self) -> None:
        """Distances over 2 would find everything."""
        object.__setattr__(self, "distance", min(max(self.distance, 0), FUZZY_LIMIT))


def leaves_of(node: Node, excluded: bool = False) -> Iterator[tuple[Node, bool]]:
    """The parts of a query that have no parts, in order, and whether each is excluded."""
    match node:
        case And(parts=parts) | Or(parts=parts) | Best(parts=parts):
            inner = parts
        case AndMaybe(needed=one, wished=other) | Require(scored=one, filter=other):
            inner = (one, other)
        case Constant(part=part) | Not(part=part):
            inner = (part,)
        case _:
            yield node, excluded
            return
    for part in inner:
        yield from leaves_of(part, excluded or isinstance(node, Not))


def words_of(node: Node) -> list[str]:
    """The words that a query asks for, in order, but for those that it excludes."""
    match node:
        case Word(text=text):
            return [text]
        case Phrase(words=words):
            return list(words)
        case And(parts=parts) | Or(parts=parts) | Best(parts=parts):
            return [word for part in parts for word in words_of(part)]
        case AndMaybe(needed=one, wished=other) | Require(scored=one, filter=other):
            return words_of(one) + words_of(other)
        case Constant(part=part):
            return words_of(part)
    return []
