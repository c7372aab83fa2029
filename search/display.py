"""Pages for people and for programs: as text on a terminal, as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .page import Hit, Page
from .snippets import Snippet

ISOLATE, RELEASE = "\u2068", "\u2069"
"""First strong isolate and its end (Unicode Standard Annex 9): keep what is between apart."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Style:
    """How text is shown.

    Attributes:
        colour: use the terminal's colours and bold.
        isolate: put what may run right to left between isolates.
    """

    colour: bool = False
    isolate: bool = False

    def text(self, text: str) -> str:
        """Text of a document, harmless to a terminal."""
        clean = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
        return f"{ISOLATE}{clean}{RELEASE}" if self.isolate else clean

    def bold(self, text: str) -> str:
        """Text that stands out."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def dim(self, text: str) -> str:
        """Text that stands back."""
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text

    def snippet(self, snippet: Snippet) -> str:
        """A passage on one line, with its matches set off, by colour or between asterisks."""
        marks = ("\x1b[1;33m", "\x1b[0m") if self.colour else ("**", "**")
        pieces, at = [], 0
        for start, end in snippet.marks:
            pieces += [_line(snippet.text[at:start]), marks[0]]
            pieces += [_line(snippet.text[start:end]), marks[1]]
            at = end
        pieces.append(_line(snippet.text[at:]))
        whole = "… " * snippet.cut_before + "".join(pieces) + " …" * snippet.cut_after
        return f"{ISOLATE}{whole}{RELEASE}" if self.isolate else whole


def _line(text: str) -> str:
    """Text on one line; every run of white space with a line break in it becomes ` ⏎ `."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"\s*\n\s*", " ⏎ ", text))


def as_text(page: Page, style: Style) -> Iterator[str]:
    """A page, line by line."""
    if not page.hits:
        yield _nothing(page, style)
        return
    first, last = page.offset + 1, page.offset + len(page.hits)
    yield style.dim(f"{first}–{last} of {page.total} for {style.text(page.query)}")
    for hit in page.hits:
        yield ""
        yield from _hit_lines(hit, style)


def _nothing(page: Page, style: Style) -> str:
    if page.offset and page.total:
        return f"only {page.total} found for {style.text(page.query)}"
    return f"nothing found for {style.text(page.query)}"


def _hit_lines(hit: Hit, style: Style) -> Iterator[str]:
    place = str(hit.fields.get("path") or hit.id)
    title = str(hit.fields.get("title") or place)
    facts = [f"{hit.score:.2f}"]
    if date := hit.fields.get("date"):
        facts.append(str(date)[:10])
    yield f"{hit.rank:>3}. {style.bold(style.text(_line(title)))}"
    yield f"     {style.dim(style.text(place))}  {style.dim('  '.join(facts))}"
    if hit.snippet.text:
        yield f"     {style.snippet(hit.snippet)}"


def as_json(page: Page) -> str:
    """A page as one JSON object."""
    whole = {
        "query": page.query,
        "total": page.total,
        "offset": page.offset,
        "hits": [hit_json(hit) for hit in page.hits],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_jsonl(page: Page) -> Iterator[str]:
    """A page as one JSON object a hit."""
    for hit in page.hits:
        yield json.dumps(hit_json(hit), ensure_ascii=False)


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as JSON values."""
    snippet = hit.snippet
    shown = {name: hit.fields[name] for name in ("title", "path", "date") if name in hit.fields}
    return {
        "rank": hit.rank,
        "id": hit.id,
        "score": round(hit.score, 6),
        **shown,
        "snippet": {
            "field": snippet.field,
            "text": snippet.text,
            "start": snippet.start,
            "marks": [list(mark) for mark in snippet.marks],
        },
    }
