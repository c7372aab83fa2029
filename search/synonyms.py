"""Other names for what a query asks: months by region, names by spelling, numbers in words.

What may stand for what is known to `kashaf.arabic.expansions`, kind by kind; here it is put
into the query tree. Another single word counts as the same word, at a discount; a row of
words becomes a phrase beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .. import arabic
from ..records import replace
from .tree import And, Best, Node, Or, Phrase, Word


def spread(node: Node, kinds: Collection[str], worth: float) -> tuple[Node, tuple[str, ...]]:
    """Add the other names of a query's words.

    Args:
        node: the query; words that stand by themselves in it are looked at, not phrases, and
            not words with a field or a rung of their own.
        kinds: of `arabic.KINDS`.
        worth: what a name of several words is worth beside the one that was asked for.

    Returns:
        The query, and a remark on each name that was added, for people to read.
    """
    asked = [part.text for part in _parts(node) if type(part) is Word]
    if not any(map(arabic.beginnings, asked)):
        return node, ()
    words = _plain_words(node)
    found = arabic.expansions([word.text for word in words], kinds) if words else []
    if not found:
        return node, ()
    notes = tuple(dict.fromkeys(_note(words, each) for each in found))
    return joined(node, words, found, worth), notes


def joined(
    node: Node, words: Sequence[Word], found: Sequence[arabic.Expansion], worth: float
) -> Node:
    """A query with the other names that were found of its words.

    Args:
        node: a word, or words side by side.
        words: of it those that names were looked for in.
        found: the names.
        worth: see `spread`.
    """
    if isinstance(node, Word):
        return _with(node, found, worth)
    if isinstance(node, Or):
        return _any(node, words, found, worth)
    assert isinstance(node, And)
    return _all(node, words, found, worth)


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, (Or, And)) else (node,)


def _plain_words(node: Node) -> list[Word]:
    """The leading words of a query that a name can be made of."""
    parts = _parts(node)
    words = [part for part in parts if isinstance(part, Word)]
    plain = all(word.field is None and word.rung is None for word in words)
    return words if plain and list(parts[: len(words)]) == words else []


def _note(words: Sequence[Word], found: arabic.Expansion) -> str:
    said = " ".join(word.text for word in words[found.start : found.end])
    others = "، ".join(" ".join(row) for row in found.alternatives)
    return f"{said}: also {others} ({found.note})"


def _with(word: Word, found: Sequence[arabic.Expansion], worth: float) -> Node:
    """A word with its other names, as one part."""
    same = tuple(row[0] for each in found for row in each.alternatives if len(row) == 1)
    rows = [row for each in found for row in each.alternatives if len(row) > 1]
    synonym = replace(word, also=same)
    return Best((synonym, *[_name(row, worth) for row in rows])) if rows else synonym


def _name(row: tuple[str, ...], worth: float) -> Node:
    return Phrase(row, boost=worth) if len(row) > 1 else Word(row[0], boost=worth)


def _any(node: Or, words: Sequence[Word], found: Sequence[arabic.Expansion], worth: float) -> Node:
    """Names of one word join it; the others are further parts."""
    parts = list(node.parts)
    for each in found:
        single = each.end - each.start == 1
        for row in each.alternatives:
            if single and len(row) == 1:
                word = parts[each.start]
                assert isinstance(word, Word)
                parts[each.start] = replace(word, also=(*word.also, row[0]))
            else:
                parts.append(_name(row, worth))
    return replace(node, parts=tuple(parts))


def _all(node: And, words: Sequence[Word], found: Sequence[arabic.Expansion], worth: float) -> Node:
    """Every word, or one of its other names, must match; names do not overlap."""
    parts: list[Node] = []
    at = 0
    for each in found:
        if each.start < at:
            continue
        parts += words[at : each.start]
        mine = words[each.start : each.end]
        if len(mine) == 1:
            parts.append(_with(mine[0], [each], worth))
        else:
            parts.append(
                Best((And(tuple(mine)), *[_name(row, worth) for row in each.alternatives]))
            )
        at = each.end
    return replace(node, parts=(*parts, *node.parts[at:]))
