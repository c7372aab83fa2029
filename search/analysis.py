"""Shows how a text is read: each word with its rungs, and what led there."""

from __future__ import annotations

import json
from collections.abc import Iterator

from .. import arabic
from .display import Style


def as_table(text: str, style: Style) -> Iterator[str]:
    """A line a word, under a line of headings, and what led to each rung."""
    for word in arabic.words(text):
        rungs = arabic.rungs(word.text)
        yield f"{style.bold(style.text(rungs.written))}"
        yield f"    spelling  {style.text(rungs.spelling)}"
        yield f"    stem      {style.text(rungs.stem)}"
        yield f"    root      {style.text(rungs.root)}"


def as_json_lines(text: str, style: Style) -> Iterator[str]:
    """A JSON object a word."""
    for word in arabic.words(text):
        rungs = arabic.rungs(word.text)
        yield json.dumps(
            {"start": word.start, "end": word.end, **rungs._asdict()}, ensure_ascii=False
        )
