"""The table of formats, and the choice among them: by content first, by name second.

A format with a magic number is recognised by nothing else, so that a `.pdf` that holds
text is read as text. Formats made of text are told by how they begin, and if that says
nothing by their suffix; what is left is plain text, or binary, which the text reader tells.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from .model import Document, Options, Skipped, Source

Reader = Callable[[Source, Options], Iterator[Document | Skipped]]


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table.

    Attributes:
        name: in messages and reports.
        module: the module of this package whose `read` reads it; None: nobody does.
        suffixes: lower case, with the dot; asked only where content says nothing.
        magic: what the bytes begin with, at any of these (offset, bytes).
        start: what the text begins with.
        extra: the extra that the module's imports come with.
        kind, refusal: outcome and reason for a format without a module.
        apart: the reader is run in a process of its own, since a file can hang or kill it.
        picture: it can be read by recognition, where the caller asks for that.
        fallback: chosen for want of anything better; readers of others go first.
    """

    name: str
    module: str | None = None
    suffixes: tuple[str, ...] = ()
    magic: tuple[tuple[int, bytes], ...] = ()
    start: re.Pattern[str] | None = None
    extra: str | None = None
    kind: str = "unsupported"
    refusal: str = ""
    apart: bool = False
    picture: bool = False
    fallback: bool = False


def _at_start(*magics: bytes) -> tuple[tuple[int, bytes], ...]:
    return tuple((0, magic) for magic in magics)


def _begins(pattern: str) -> re.Pattern[str]:
    return re.compile(r"\s*" + pattern, re.IGNORECASE | re.DOTALL)


def _binary(name: str, *magics: bytes, offset: int = 0, picture: bool = False) -> Format:
    return Format(
        name,
        magic=tuple((offset, magic) for magic in magics),
        kind="binary",
        refusal=f"binary: {name}",
        picture=picture,
    )


def _unsupported(name: str, remedy: str, *magics: bytes) -> Format:
    return Format(name, magic=_at_start(*magics), refusal=f"{name} has no reader here: {remedy}")


TEXT = Format("text", "text", (".txt", ".text", ".log", ".asc"))

FORMATS: tuple[Format, ...] = (
    Format("pdf", "pdf", (".pdf",), _at_start(b"%PDF-"), extra="pdf", apart=True),
    Format("zip", "zips", (".zip",), _at_start(b"PK\x03\x04", b"PK\x05\x06")),
    Format("gzip", "compressed", (".gz",), _at_start(b"\x1f\x8b\x08")),
    Format("bzip2", "compressed", (".bz2",), _at_start(b"BZh")),
    Format("xz", "compressed", (".xz",), _at_start(b"\xfd7zXZ\x00")),
    Format("zstd", "compressed", (".zst",), _at_start(b"\x28\xb5\x2f\xfd")),
    Format("tar", "tars", (".tar",), ((257, b"ustar"),)),
    Format("rtf", "rtf", (".rtf",), _at_start(b"{\\rtf"), extra="office"),
    Format("warc", "warc", (".warc",), _at_start(b"WARC/"), extra="web"),
    _unsupported("a 7z archive", "unpack it first", b"7z\xbc\xaf\x27\x1c"),
    _unsupported("a rar archive", "unpack it first", b"Rar!\x1a\x07"),
    _unsupported(
        "an old Office file (doc, xls, ppt, msg)",
        "save it in the new form (docx)",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ),
    _binary("an image", b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", picture=True),
    _binary("an image (GIF)", b"GIF87a", b"GIF89a"),
    _binary("an image or sound (RIFF)", b"RIFF"),
    _binary("an image (JPEG XL, JPEG 2000)", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  "),
    _binary("sound", b"ID3", b"OggS", b"fLaC"),
    _binary("a film", b"\x1aE\xdf\xa3", b"\0\0\x01\xba"),
    _binary("a film or sound (MP4)", b"ftyp", offset=4),
    _binary("a program", b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe"),
    _binary("a database", b"SQLite format 3\0"),
    _binary("a font", b"wOFF", b"wOF2", b"OTTO", b"\0\x01\0\0\0"),
    Format("trec", "trec", (".trec",), start=_begins(r"<DOC>\s*<DOCNO>")),
    Format(
        "html",
        "html",
        (".html", ".htm", ".xhtml", ".xht"),
        start=_begins(
            r"(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*(?:<!doctype\s+html|<html[\s>])"
        ),
    ),
    Format(
        "jsonl",
        "jsonl",
        (".jsonl", ".ndjson", ".jsonlines"),
        start=_begins(r"\{[ \t]*\"[^\n]*\}[ \t]*\r?\n\s*\{[ \t]*\""),
    ),
    Format(
        "json", "json_values", (".json",), start=_begins(r"(?:\[\s*)?\{\s*\"[^\"\n]{1,200}\"\s*:")
    ),
    Format(
        "subtitles",
        "subtitles",
        (".srt", ".vtt"),
        start=_begins(r"(?:WEBVTT\b|\d+[ \t]*\r?\n[ \t]*\d+:\d\d:\d\d[,.]\d+[ \t]*-->)"),
    ),
    Format("mbox", "mail", (".mbox",), start=re.compile(r"From \S+.*\d\d:\d\d.*\r?\n[\w-]+:[ \t]")),
    Format(
        "mail",
        "mail",
        (".eml", ".mht", ".mhtml"),
        start=re.compile(
            r"(?:(?:Return-Path|Received|Delivered-To|Message-ID|MIME-Version|From|To|Date|Subject"
            r"|X-[\w-]+|Snapshot-Content-Location):[ \t][^\n]*\n(?:[ \t][^\n]*\n)*){3}",
            re.IGNORECASE,
        ),
    ),
    Format("markdown", "markdown", (".md", ".markdown", ".mkd")),
    Format("csv", "csv_table", (".csv", ".tsv", ".tab")),
    TEXT,
)


def choose(head: bytes, name: str) -> Format:
    """Return the format of a source that begins with `head`."""
    suffix = _suffix(name)
    return (
        _by_magic(head)
        or _by_start(_glimpse(head))
        or _by_suffix(suffix)
        or replace(TEXT, fallback=bool(suffix))
    )


def _suffix(name: str) -> str:
    base = name.replace("\\", "/").rpartition("/")[2]
    stem, dot, suffix = base.rpartition(".")
    return dot + suffix.lower() if stem else ""


def _by_magic(head: bytes) -> Format | None:
    for form in FORMATS:
        if any(head.startswith(magic, offset) for offset, magic in form.magic):
            return form
    # PDF readers accept rubbish before the header, as printers and mailers put there.
    return FORMATS[0] if b"%PDF-" in head[:1024] else None


def _by_start(glimpse: str) -> Format | None:
    for form in FORMATS:
        if form.start is not None and form.start.match(glimpse):
            return form
    return None


def _by_suffix(suffix: str) -> Format | None:
    for form in FORMATS:
        if suffix in form.suffixes and not form.magic:
            return form
    return None


def _glimpse(head: bytes) -> str:
    """Return the head as text that is right in its ASCII letters, whatever the encoding."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "replace")
    return head.replace(b"\0", b"").decode("latin-1")
