"""HTML: the main text, the title, the date and the language of a page.

selectolax with its Lexbor engine parses as browsers do, never fails, and is fast. The text is
that of `main`, or of the one `article`, or of the body; navigation, page headers and footers,
scripts and controls are left out; blocks end lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .dates import iso_date
from .model import Document, Options, Skipped, Source, Unreadable
from .text import load_text


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LEFT_OUT: Final = _words(
    "head script style nav header footer aside noscript template svg math iframe object canvas "
    "button select textarea datalist dialog -comment"
)
_BLOCKS: Final = _words(
    "p div section article main h1 h2 h3 h4 h5 h6 ul ol dl dt dd li table tr caption pre hr "
    "blockquote address figure figcaption details summary body"
)
_PARAGRAPHS: Final = _words("p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote")
_DATE_META: Final = (
    'meta[property="article:published_time"]',
    'meta[itemprop="datePublished"]',
    'meta[name="date" i]',
    'meta[name="pubdate" i]',
    'meta[name="dc.date" i]',
    'meta[name="dcterms.created" i]',
    'meta[property="article:modified_time"]',
)
_CHARSET: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,100}?encoding=["']([\w.-]+)""",
    re.IGNORECASE,
)
DEEPEST: Final = 20_000
_NESTING: Final = re.compile(
    # Elements without an end tag, or that seldom have it, say nothing about depth.
    r"<(?!/?(?:br|hr|img|p|li|d[td]|t[rdh]|thead|tbody|input|option|meta|link|col|wbr)\b)(/|[a-z])",
    re.IGNORECASE,
)
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the one document of a page."""
    decoded = load_text(source, options, declared_charset(source.head(2048)))
    document = page(decoded.text)
    document.notes[:0] = decoded.notes
    yield document


def declared_charset(head: bytes) -> str | None:
    """Return the encoding that a page states in its first bytes."""
    found = _CHARSET.search(head)
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def page(markup: str) -> Document:
    """Return the document in the markup of a page; refuse one without text."""
    tree = _parse(markup)
    body = _main_text(tree)
    title = _title(tree)
    if not body and not title:
        raise Unreadable("empty", "a page without text")
    fields: dict[str, object] = {"title": title} if title else {}
    when = _date(tree)
    if when:
        fields["date"] = when
    html = tree.css_first("html")
    language = html.attributes.get("lang") if html else None
    return Document({**fields, "body": body}, language=language or None)


def text_of(markup: str) -> str:
    """Return all the text of a piece of markup."""
    body = _parse(markup).body
    return _text(body) if body else ""


def _parse(markup: str) -> LexborHTMLParser:
    if _depth(markup) > DEEPEST:
        raise Unreadable("damaged", f"elements nested more than {DEEPEST} deep")
    return LexborHTMLParser(markup)


def _depth(markup: str) -> int:
    """Return at least how deep elements are nested, as far as it can matter.

    Parsing by the rules of HTML takes time in the square of the depth.
    """
    if markup.count("<") <= DEEPEST:
        return 0
    steps = [-1 if tag[0] == "/" else 1 for tag in _NESTING.findall(markup)]
    return max(accumulate(steps), default=0)


def _main_text(tree: LexborHTMLParser) -> str:
    if tree.body is None:
        return ""
    everything = _text(tree.body)
    if not everything:  # all of it inside an element that is left out
        return _tidy([tree.body.text(separator=" ")])
    for selector in ("main", "[role=main]", "article"):
        nodes = tree.css(selector)
        text = _text(nodes[0]) if len(nodes) == 1 else ""
        if len(text) * 4 > len(everything):
            return text
    return everything


def _title(tree: LexborHTMLParser) -> str:
    meta = tree.css_first('meta[property="og:title"]')
    told = (meta.attributes.get("content") or "") if meta else ""
    for selector in ("title", "h1"):
        node = None if told else tree.css_first(selector)
        told = told or (node.text() if node else "")
    return _SPACES.sub(" ", told).strip()


def _date(tree: LexborHTMLParser) -> str | None:
    for selector in _DATE_META:
        node = tree.css_first(selector)
        when = iso_date(node.attributes.get("content") or "") if node else None
        if when:
            return when
    node = tree.css_first("time[datetime]")
    return iso_date(node.attributes.get("datetime") or "") if node else None


def _text(root: LexborNode) -> str:
    """Return the text below a node, in document order, without recursion."""
    pieces: list[str] = []
    ancestors: list[LexborNode] = []
    node: LexborNode | None = root
    while node is not None:
        child = _enter(node, pieces)
        if child is not None:
            ancestors.append(node)
            node = child
            continue
        _leave(node, pieces)
        while node is not None and (not ancestors or node.next is None):
            node = ancestors.pop() if ancestors else None
            if node is not None:
                _leave(node, pieces)
        node = node.next if node is not None else None
    return _tidy(pieces)


def _enter(node: LexborNode, pieces: list[str]) -> LexborNode | None:
    """Take in a node's own text; return its first child if there is one to be read."""
    tag = node.tag
    if tag == "-text":
        text = node.text(deep=False)
        within_pre = node.parent is not None and node.parent.tag == "pre"
        pieces.append(text if within_pre else _SPACES.sub(" ", text))
        return None
    if tag in _LEFT_OUT or "hidden" in node.attributes:
        return None
    if tag in _BLOCKS:
        pieces.append("\n")
    return node.first_child


def _leave(node: LexborNode, pieces: list[str]) -> None:
    tag = node.tag
    if tag == "br":
        pieces.append("\n")
    elif tag in ("td", "th"):
        pieces.append("\t")
    elif tag in _BLOCKS:
        pieces.append("\n\n" if tag in _PARAGRAPHS else "\n")


def _tidy(pieces: list[str]) -> str:
    lines = (line.strip(" ") for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
