"""More like this: the words that tell a document most from others, as a query."""

from __future__ import annotations

from collections import Counter

from .. import arabic
from ..index.stored import Document
from .steps import Context
from .tree import Node, Nothing, Or, Word

TELLING = 25
"""Words of the document that are searched."""

LENGTH_LIMIT = 20_000
"""Words of the document that are looked at."""


def query_like(context: Context, document: Document, fields: tuple[str, ...]) -> Node:
    """The query for documents like one: its words of the most weight (tf · idf), by stem."""
    counts: Counter[str] = Counter()
    for field in fields:
        value = document.get(field)
        text = "\n".join(map(str, value)) if isinstance(value, list) else str(value or "")
        counts.update(word.text for word in arabic.words(text)[:LENGTH_LIMIT])
    by_stem: dict[str, Counter[str]] = {}
    for word, count in counts.items():
        if len(word) > 2:
            by_stem.setdefault(arabic.rungs(word).stem, Counter())[word] += count
    weights = {
        forms.most_common(1)[0][0]: forms.total() * _idf(context, forms, fields)
        for forms in by_stem.values()
    }
    best = sorted(weights, key=lambda word: (-weights[word], word))[:TELLING]
    if not best:
        return Nothing()
    top = weights[best[0]]
    return Or(tuple(Word(word, boost=max(weights[word] / top, 0.001)) for word in best))


def _idf(context: Context, forms: Counter[str], fields: tuple[str, ...]) -> float:
    return context.word(forms.most_common(1)[0][0], "stem", fields, (), 1.0).idf
