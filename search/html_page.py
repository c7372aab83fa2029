"""Pages as HTML: everything escaped, matches in `<mark>`, each text in its own direction."""

from __future__ import annotations

from html import escape

from .page import Hit, Page
from .snippets import Snippet


def as_html(page: Page) -> str:
    """A page as a fragment: an ordered list of hits."""
    first = page.offset + 1
    items = "\n".join(_item(hit) for hit in page.hits)
    head = f'<p class="kashaf-total">{page.total} — <bdi>{_text(page.query)}</bdi></p>'
    return f'{head}\n<ol class="kashaf-hits" start="{first}">\n{items}\n</ol>'


def _item(hit: Hit) -> str:
    title = _text(str(hit.fields.get("title") or hit.fields.get("path") or hit.id))
    passages = "\n".join(f'<p dir="auto">{passage(each)}</p>' for each in hit.passages if each.text)
    return (
        f'<li data-id="{_text(hit.id)}" data-score="{hit.score:.4f}">\n'
        f'<h3 dir="auto">{title}</h3>\n{passages}\n</li>'
    )


def passage(snippet: Snippet) -> str:
    """A passage with its matches in `<mark>`."""
    pieces, at = [], 0
    for start, end in snippet.marks:
        pieces.append(_text(snippet.text[at:start]))
        pieces.append(f"<mark>{_text(snippet.text[start:end])}</mark>")
        at = end
    pieces.append(_text(snippet.text[at:]))
    return "… " * snippet.cut_before + "".join(pieces) + " …" * snippet.cut_after


def _text(text: str) -> str:
    """Escaped, and without what HTML cannot have."""
    clean = "".join(c if c in "\t\n" or c >= " " else "\ufffd" for c in text)
    return escape(clean.encode("utf-8", "replace").decode())
