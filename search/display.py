"""Pages for people: as text on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from ..errors import UsageError
from ..records import record
from .page import Hit, Page
from .snippets import Snippet
from .tree import Nothing

ISOLATE, RELEASE = "\u2068", "\u2069"
"""First strong isolate and its end (Unicode Standard Annex 9): keep what is between apart."""

# The first and the last of each range of what would steer a terminal, or cannot be sent to it.
_CONTROLS = (
    *((0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F)),
    *((0x202A, 0x202E), (0x2066, 0x2069), (0xD800, 0xDFFF)),
)


@record
class Style:
    """How text is shown.

    Attributes:
        colour: use the terminal's colours and bold.
        isolate: put what may run right to left between isolates.
        visual: put lines into visual order, for terminals that know one direction only.
    """

    colour: bool = False
    isolate: bool = False
    visual: bool = False

    def line(self, text: str) -> str:
        """A finished line."""
        return _in_visual_order(text) if self.visual else text

    def text(self, text: str) -> str:
        """Text of a document, harmless to a terminal."""
        clean = harmless(text)
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
            pieces += [on_one_line(snippet.text[at:start]), marks[0]]
            pieces += [on_one_line(snippet.text[start:end]), marks[1]]
            at = end
        pieces.append(on_one_line(snippet.text[at:]))
        whole = "… " * snippet.cut_before + "".join(pieces) + " …" * snippet.cut_after
        return f"{ISOLATE}{whole}{RELEASE}" if self.isolate else whole


def _in_visual_order(text: str) -> str:
    try:
        from bidi import get_display
    except ImportError:
        raise UsageError("--bidi visual needs python-bidi: pip install 'kashaf[bidi]'") from None
    return str(get_display(text, base_dir="L"))


def harmless(text: str) -> str:
    """Text with a sign in the place of each character that would steer a terminal."""
    return text if text.isprintable() else text.translate(_signs())


@cache
def _signs() -> dict[int, str]:
    codes = [code for first, last in _CONTROLS for code in range(first, last + 1)]
    return dict.fromkeys(codes, "\N{REPLACEMENT CHARACTER}")


def on_one_line(text: str) -> str:
    """Text on one line; every run of white space with a line break in it becomes ` ⏎ `."""
    head, *lines = text.split("\n")
    if lines:
        *inner, tail = lines
        text = " ⏎ ".join([head.rstrip(), *filter(None, map(str.strip, inner)), tail.lstrip()])
    return harmless(text)


def as_text(page: Page, style: Style, explain: bool = False) -> Iterator[str]:
    """A page, line by line."""
    yield from heading(page, style)
    if page.hits:
        first, last = page.offset + 1, page.offset + len(page.hits)
        yield style.dim(f"{first}–{last} of {page.total}{asked(page, style)}")
    for hit in page.hits:
        yield ""
        yield from hit_lines(hit, style, explain)


def heading(page: Page, style: Style) -> Iterator[str]:
    """What is said before the hits: how the query was read, what is not there, what was meant."""
    for message in dict.fromkeys(notice.message for notice in page.notices):
        yield style.dim(f"note: {style.text(message)}")
    reading = page.result.reading
    if reading.notices and not isinstance(reading.node, Nothing):
        yield style.dim(f"read as: {style.text(page.reading)}")
    if not page.hits:
        yield _nothing(page, style)
    yield from _suggestions(page, style)


def _nothing(page: Page, style: Style) -> str:
    if page.offset and page.total:
        return f"only {page.total} found{asked(page, style)}"
    return f"nothing found{asked(page, style)}"


def asked(page: Page, style: Style) -> str:
    """For what: nothing where no text was searched."""
    return f" for {style.text(page.query)}" if page.query else ""


def _suggestions(page: Page, style: Style) -> Iterator[str]:
    for start in dict.fromkeys(each.start for each in page.suggestions):
        mine = [each for each in page.suggestions if each.start == start][:3]
        meant = ", ".join(f"{style.text(each.text)} ({each.count})" for each in mine)
        yield f"{style.text(page.query[start : mine[0].end])}: did you mean {meant}?"


def hit_lines(hit: Hit, style: Style, explain: bool = False) -> Iterator[str]:
    """A hit, line by line."""
    place = str(hit.fields.get("path") or hit.id)
    title = str(hit.fields.get("title") or hit.id)
    facts = [f"{hit.score:.2f}"]
    if date := hit.fields.get("date"):
        facts.append(str(date)[:10])
    if hit.page:
        facts.append(f"page {hit.page}")
    yield f"{hit.rank:>3}. {style.bold(style.text(on_one_line(title)))}"
    names = dict.fromkeys((place, hit.id))  # a file may hold several documents
    where = "  ".join(style.text(name) for name in names)
    yield f"     {style.dim(where)}  {style.dim('  '.join(facts))}"
    for passage in hit.passages:
        if passage.text:
            yield f"     {style.snippet(passage)}"
    if explain:
        yield from _explanation(hit, style)


def _explanation(hit: Hit, style: Style) -> Iterator[str]:
    for reason in hit.why:
        forms = "، ".join(reason.forms[:5])
        how = f"{style.text(reason.word)} — {reason.told}"
        yield f"     {how}: {style.text(forms)} ({reason.field})"
    for line in hit.explanation.lines():
        yield style.dim(f"     {line}")
