"""TREC collections: documents between <DOC> and </DOC>, each with a <DOCNO>."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from .dates import iso_date
from .lines import Line, guess_encoding, read_lines
from .model import MEGABYTE, Document, Options, Skipped, Source, Unreadable
from .mojibake import mend

_TAG: Final = re.compile(r"<(/?)([A-Za-z][\w-]*)[^<>]*>")
_TITLES: Final = ("TITLE", "HEADLINE", "HEAD", "HL")
_DATES: Final = ("DATE", "DATE_TIME", "DATETIME", "PUBDATE")
_SILENT: Final = ("DOCNO", "DOCID", "DOCTYPE", "FILEID", *_DATES)


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the documents of a collection; the part of each is its number."""
    guess = guess_encoding(source, options)
    for line, text in _documents(source, options, guess.encoding):
        try:
            item = _document(text)
            item.notes[:0] = guess.notes()
            yield item
        except Unreadable as trouble:
            trouble.line = line
            yield trouble.skipped(str(line))


def _documents(source: Source, options: Options, encoding: str) -> Iterator[tuple[int, str]]:
    """Yield each document's text and the line it begins on; an unclosed one ends at the next."""
    pieces: list[str] = []
    size = begun = 0
    for line in read_lines(source, options, encoding):
        if not isinstance(line, Line):
            continue
        if "<DOC>" in line.text and pieces:
            yield begun, "\n".join(pieces)
            pieces, size = [], 0
        if "<DOC>" in line.text or pieces:
            begun = begun if pieces else line.number
            pieces.append(line.text)
            size += len(line.text)
        if size > options.limits.document:
            limit = options.limits.document // MEGABYTE
            raise Unreadable("too-large", f"a document of more than {limit} MB", begun)
        if "</DOC>" in line.text and pieces:
            yield begun, "\n".join(pieces)
            pieces, size = [], 0
    if pieces:
        yield begun, "\n".join(pieces)


def _document(text: str) -> Document:
    inside = text.partition("<DOC>")[2].rpartition("</DOC>")[0] or text.partition("<DOC>")[2]
    elements = [(name, _plain(markup)) for name, markup in _elements(inside)]
    first = dict(reversed(elements))
    number = first.get("DOCNO") or first.get("DOCID")
    if not number:
        raise Unreadable("bad-line", "a document without a DOCNO")
    body = "\n\n".join(
        part for name, part in elements if part and name not in _SILENT and name not in _TITLES
    )
    title = next((first[name] for name in _TITLES if first.get(name)), "")
    if not (body or title):
        raise Unreadable("empty", f"document {number} has no text")
    when = next((first[name] for name in _DATES if first.get(name)), "")
    fields: dict[str, object] = {"id": number, "title": title, "body": body}
    fields["date"] = iso_date(when) or iso_date(f"{when[:4]}-{when[4:6]}-{when[6:8]}") or ""
    return Document({name: value for name, value in fields.items() if value}, part=number)


def _elements(markup: str) -> Iterator[tuple[str, str]]:
    """Yield the outermost elements; one that is never closed is passed over.

    One pass over the tags: which of them are closed later is known beforehand.
    """
    tags = list(_TAG.finditer(markup))
    last_end = {tag[2].upper(): tag.start() for tag in tags if tag[1]}
    name, start = "", 0
    for tag in tags:
        if not name and not tag[1] and last_end.get(tag[2].upper(), -1) > tag.start():
            name, start = tag[2].upper(), tag.end()
        elif name and tag[1] and tag[2].upper() == name:
            yield name, markup[start : tag.start()]
            name = ""


def _plain(markup: str) -> str:
    text = unescape(_TAG.sub("", markup)).encode("utf-8", "replace").decode("utf-8")
    return mend(text)[0].strip()
