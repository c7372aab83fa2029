"""Markdown: front matter, the first heading as title, and the text without its markup.

markdown-it-py is read as tokens, not through HTML: it follows CommonMark to the letter and
its time is linear in what people write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .dates import iso_date
from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable
from .text import load_text

LARGEST: Final = MEGABYTE  # from here on markup is left in: no one writes such pages by hand

_FRONT_MATTER: Final = re.compile(r"---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
_FRONT_LINE: Final = re.compile(r"([\w-]+)[ \t]*:[ \t]*(\S.*)")
_TAG: Final = re.compile(r"<[^<>]*>")


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the one document of a Markdown file."""
    decoded = load_text(source, options)
    front, text = _split_front_matter(decoded.text)
    if len(text) <= LARGEST:
        heading, text = strip_markup(text)
        front.setdefault("title", heading)
    else:
        decoded.notes.append("markup left in: a very long file")
    if not text.strip() and not front.get("title"):
        raise Unreadable("empty", "markup without text")
    fields: dict[str, object] = {"title": front["title"]} if front.get("title") else {}
    when = iso_date(front.get("date", ""))
    if when:
        fields["date"] = when
    language = front.get("lang") or front.get("language")
    yield Document({**fields, "body": text}, language=language, notes=decoded.notes)


def strip_markup(text: str) -> tuple[str, str]:
    """Return the first heading, if the text begins with one, and the rest as plain text."""
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    heading = ""
    if len(tokens) > 2 and tokens[0].type == "heading_open":
        heading, tokens = _inline(tokens[1].children or ()), tokens[3:]
    pieces = [_block(token) for token in tokens]
    return heading, re.sub(r"\n{3,}", "\n\n", "".join(pieces)).strip("\n")


def _split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the simple `key: value` lines of YAML front matter, and the text after it."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    lines = (_FRONT_LINE.fullmatch(line.rstrip()) for line in found.group(1).split("\n"))
    pairs = {line.group(1).lower(): line.group(2).strip("\"' ") for line in lines if line}
    return pairs, text[found.end() :]


def _block(token: Token) -> str:
    if token.type == "inline":
        return _inline(token.children or ())
    if token.type in ("fence", "code_block"):
        return token.content + "\n"
    if token.type == "html_block":
        return _TAG.sub("", token.content) + "\n"
    if token.type in ("td_close", "th_close"):
        return "\t"
    if token.type in ("tr_close", "list_item_close"):
        return "\n"
    return "\n" if token.hidden else "\n\n" if token.type.endswith("_close") else ""


def _inline(children: Sequence[Token]) -> str:
    return "".join(_span(child) for child in children)


def _span(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "image":
        return _inline(token.children or ())
    return token.content if token.type in ("text", "code_inline", "text_special") else ""
