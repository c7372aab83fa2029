"""Shows how a text is read: each word with its rungs, and what led to each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .. import arabic
from .display import Style

if TYPE_CHECKING:
    from ..arabic.explanation import Explanation
    from ..arabic.stem import Candidate

_STEM_RULES = {
    "lexicon": "in the lexicon",
    "split": "cut, and the rest is in the lexicon",
    "plural": "a broken plural, by its pattern",
    "light": "unknown: only the article is cut",
    "snowball": "Snowball's English stemmer",
    "none": "as it is spelled",
}


def as_table(text: str, style: Style) -> Iterator[str]:
    """A block of lines a word: its rungs, what led to each, and how else it may be read."""
    for word in arabic.words(text):
        found = arabic.explain(word.text)
        rungs = found.rungs
        yield style.bold(style.text(rungs.written))
        yield _row(style, "spelling", rungs.spelling, "; ".join(found.foldings))
        yield _row(style, "stem", rungs.stem, _stem_reason(found, style))
        yield _row(style, "root", rungs.root, _root_reason(found))
        for reading in found.readings[1:]:
            if (reading.stem, reading.root) != (rungs.stem, rungs.root):
                others = f"{style.text(reading.stem)}, root {style.text(reading.root)}"
                yield f"  or        {others}  {style.dim(_cut(reading, style))}".rstrip()


def as_json_lines(text: str, style: Style) -> Iterator[str]:
    """A JSON object a word."""
    for word in arabic.words(text):
        found = arabic.explain(word.text)
        row = {
            "start": word.start,
            "end": word.end,
            **found.rungs._asdict(),
            "foldings": found.foldings,
            "stem_rule": found.stem_rule,
            "root_rule": found.root_rule,
            "readings": [reading._asdict() for reading in found.readings],
        }
        yield json.dumps(row, ensure_ascii=False)


def _row(style: Style, name: str, value: str, reason: str) -> str:
    return f"  {name:<9} {style.text(value)}  {style.dim(reason)}".rstrip()


def _stem_reason(found: Explanation, style: Style) -> str:
    cut = _cut(found.readings[0], style) if found.readings else ""
    return ": ".join(part for part in (_STEM_RULES[found.stem_rule], cut) if part)


def _root_reason(found: Explanation) -> str:
    if found.stem_rule in ("snowball", "none"):
        return "the stem"
    return "of the lexicon" if found.root_rule == "lexicon" else "the letters of the stem"


def _cut(reading: Candidate, style: Style) -> str:
    """What was cut off a word, part by part: «وبال» + مدارس."""
    before = [part for part in (reading.proclitic, reading.prefix) if part]
    after = [part for part in (reading.ending, reading.enclitic) if part]
    if not before and not after:
        return ""
    core = reading.core.lstrip("+")
    parts = [*(f"«{part}»" for part in before), core, *(f"«{part}»" for part in after)]
    return style.text(" + ".join(parts))
