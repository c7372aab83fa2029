"""Questions: the words that ask say little about the answer.

متى ولد الخوارزمي؟ is answered by a text about al-Khwarizmi, not by one that has متى in it.
Beside other words, the closed class of Arabic interrogatives, with the pronouns that make a
question a sentence (ما هو, من هي), weighs little (Ryding 2005, A Reference Grammar of
Modern Standard Arabic, ch. 17). It still matches, so that nothing is lost.
"""

from __future__ import annotations

from functools import cache, lru_cache

from .. import arabic
from ..records import replace
from .tree import Node, Or, Word

LIGHT = 0.1
"""What a question word weighs beside other words."""

_WORDS = (
    "متى كم أين كيف لماذا لمَ هل ماذا ما من منذا أي أية أيّان أنّى هو هي هم هن بم بماذا ممن عمّ فيم"
)


def lighten(node: Node) -> Node:
    """Make the question words of a bag weigh little, if there is anything else in it."""
    if not isinstance(node, Or):
        return node
    light = [type(part) is Word and _asks(part) for part in node.parts]
    if not any(light) or all(light):
        return node
    parts = (
        replace(part, boost=part.boost * LIGHT) if asks else part
        for part, asks in zip(node.parts, light, strict=True)
    )
    return replace(node, parts=tuple(parts))


def _asks(word: Word) -> bool:
    return word.field is None and word.rung is None and is_question(word.text)


@lru_cache(4096)
def is_question(word: str) -> bool:
    """Whether a word asks."""
    return arabic.fold(word) in _spellings()


@cache
def _spellings() -> frozenset[str]:
    return frozenset(arabic.fold(word) for word in _WORDS.split())
