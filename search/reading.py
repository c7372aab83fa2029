"""What a text says without a parser: words, and phrases in quotes among them.

The queries that people type are of this kind, nearly all; `grammar` reads the rest and gives
the same trees for these.
"""

from __future__ import annotations

from collections.abc import Callable

from .. import arabic
from ..records import NamedTuple, replace
from .tree import And, Node, Not, Nothing, Or, Phrase, Require, Word
from .wording import OPERATORS

WORD_LIMIT = 1000
"""Words of a query that are looked up; the rest is left out."""

WISHED = 0.3
"""What a phrase weighs beside its words, where it is a wish."""

_MARKS = "\u064b-\u0652\u0670"
_QUOTED = rf'(?=[^"]*")(?: *(?:"[\w{_MARKS} ]*"|[\w{_MARKS}]+)(?= |$))+ *'
_CHUNK = r'"([^"]*)"|([^ "]+)'
_LENGTH = 400


class Notice(NamedTuple):
    """Something about a query that was not as it seemed, for a page to say.

    Attributes:
        message: for people to read.
        start: where in the query, in characters, or None.
    """

    message: str
    start: int | None = None

    def __str__(self) -> str:
        return self.message


class Reading(NamedTuple):
    """How a query was read.

    Attributes:
        node: its tree.
        notices: what was repaired or left out.
        meant: the tree to show, where what is searched says more than the query did.
    """

    node: Node
    notices: tuple[Notice, ...] = ()
    meant: Node | None = None


def bag(text: str, every_word: bool = False) -> Node:
    """A text as a bag of words.

    Args:
        text: read as words only.
        every_word: all words must match, not any.
    """
    found = arabic.lexer().words(text)[:WORD_LIMIT]
    words = [Word(word, span=(start, end)) for word, start, end in found]
    return together(tuple(words), every_word)


def together(parts: tuple[Node, ...], every: bool) -> Node:
    """Parts side by side."""
    if len(parts) < 2:
        return parts[0] if parts else Nothing()
    return And(parts) if every else Or(parts)


def quoted(text: str, every_word: bool = False) -> Reading | None:
    """Words and phrases in quotes; None where a text says more than that."""
    import re  # late: few queries have quotes, and the others do without

    if len(text) > _LENGTH or not re.fullmatch(_QUOTED, text):
        return None
    parts: list[Node] = []
    for found in re.finditer(_CHUNK, text):
        inside, outside = found.groups()
        words = tuple(word.text for word in arabic.words(outside or inside))
        if outside and (words != (outside,) or outside in OPERATORS):
            return None
        if not outside and len(words) < 2:
            return None
        span = found.span()
        parts.append(Word(outside, span=span) if outside else Phrase(words, span=span))
    node = together(tuple(parts), every_word)
    return Reading(loosened(node), (), node)


def within(node: Node, change: Callable[[Node], Node]) -> Node:
    """A query with what is looked for changed, and not what is required or excluded beside it."""
    match node:
        case Require(scored=scored):
            return replace(node, scored=within(scored, change))
        case And(parts=(first, *others)) if others and all(isinstance(o, Not) for o in others):
            return replace(node, parts=(within(first, change), *others))
    return change(node)


def loosened(node: Node) -> Node:
    """Among other words, a phrase is a wish: its words count by themselves too.

    So a title with a quotation in it finds its article, though the article puts it in other
    words. A phrase that stands alone, or must match, is a demand as ever.
    """
    return within(node, _loosened)


def _loosened(node: Node) -> Node:
    if not isinstance(node, Or):
        return node
    words = tuple(
        Word(word, part.field, part.rung, boost=part.boost, span=part.span)
        for part in node.parts
        if isinstance(part, Phrase)
        for word in part.words
    )
    parts = (
        replace(part, boost=part.boost * WISHED) if isinstance(part, Phrase) else part
        for part in node.parts
    )
    return replace(node, parts=(*parts, *words))
