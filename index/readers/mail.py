"""Mail: one message (EML, also MHTML pages) or a box of them (mbox), through `email`.

The text of a message is its plain version, else its page; what is attached is read by the
reader for its format, as documents of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from typing import Final

from .archives import budget_of, read_member
from .dates import iso_date
from .encoding import decode
from .html import declared_charset, page
from .model import (
    MEGABYTE,
    Budget,
    Document,
    Options,
    Skipped,
    Source,
    Unreadable,
    bytes_source,
    one_line,
)

_PEOPLE: Final = ("from", "to", "cc")


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the messages of a file and what is attached to them.

    In a box the part of a message is its number; of an attachment, its name after that.
    """
    budget = budget_of(source, options)
    if not source.head(5).startswith(b"From "):
        yield from _message(source.load(options.limits.file), "", source, options, budget)
        return
    for number, data in enumerate(_split(source, options.limits.document), 1):
        part = str(number)
        if data is None:
            limit = options.limits.document // MEGABYTE
            yield Skipped(f"a message of more than {limit} MB", "too-large", part)
        else:
            yield from _message(data, part, source, options, budget)


def _split(source: Source, limit: int) -> Iterator[bytes | None]:
    """Yield the messages of a box; None for one that is too large."""
    with source.open() as file:
        pieces: list[bytes] = []
        size, blank = 0, True
        for line in iter(lambda: file.readline(1 << 20), b""):
            if blank and line.startswith(b"From "):
                if size:
                    yield b"".join(pieces) if size <= limit else None
                pieces, size = [], 0
            else:
                size += len(line)
                if size <= limit:
                    pieces.append(line[1:] if line.startswith(b">From ") else line)
            blank = line in (b"\n", b"\r\n")
        if size:
            yield b"".join(pieces) if size <= limit else None


def _message(
    data: bytes, part: str, source: Source, options: Options, budget: Budget
) -> Iterator[Document | Skipped]:
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(data)
        yield _document(message, part)
        attachments = list(_attachments(message))
    except Unreadable as trouble:
        yield trouble.skipped(part)
        return
    except Exception as trouble:  # the parser fails in many ways; the next message may be sound
        reason = one_line(f"not a message that can be read: {trouble!r}")
        yield Skipped(reason, "damaged", part)
        return
    for name, content in attachments:
        inner = Source(
            name, bytes_source(name, content).open, len(content), budget, source.depth + 1
        )
        yield from read_member(inner, f"{part}#{name}" if part else name, options)


def _document(message: Message, part: str) -> Document:
    item = _body(message)
    item.part = part
    fields: dict[str, object] = {}
    title = header(message, "subject")
    if title:
        fields["title"] = title
    when = iso_date(header(message, "date"))
    if when:
        fields["date"] = when
    for name in _PEOPLE:
        if header(message, name):
            fields[name] = header(message, name)
    item.fields = {**item.fields, **fields}
    if not any(item.fields.get(name) for name in ("title", "body")):
        raise Unreadable("empty", "a message without text")
    return item


def _body(message: Message) -> Document:
    """Return the document in the text of a message: its plain parts, else its pages."""
    found: dict[str, list[Document]] = {"text/plain": [], "text/html": []}
    for piece in message.walk():
        kind = piece.get_content_type()
        if kind in found and not piece.get_filename():
            document = _piece(piece, kind)
            if document is not None:
                found[kind].append(document)
    chosen = found["text/plain"] or found["text/html"]
    if not chosen:
        return Document({"body": ""})
    body = "\n\n".join(str(document.fields["body"]) for document in chosen)
    first = chosen[0]
    notes = list(dict.fromkeys(note for document in chosen for note in document.notes))
    return Document({**first.fields, "body": body}, language=first.language, notes=notes)


def _piece(piece: Message, kind: str) -> Document | None:
    content = piece.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        return None
    declared = piece.get_content_charset()
    if kind == "text/html":
        declared = declared or declared_charset(content[:2048])
        decoded = decode(content, declared=declared)
        document = page(decoded.text)
        document.notes[:0] = decoded.notes
        return document
    decoded = decode(content, declared=declared)
    text = decoded.text.replace("\r\n", "\n").strip("\n")
    return Document({"body": text}, notes=decoded.notes)


def _attachments(message: Message) -> Iterator[tuple[str, bytes]]:
    """Yield the name and content of what is attached, pictures within the text left out."""
    for piece in message.walk():
        name = piece.get_filename()
        if name and not piece.is_multipart() and piece.get_content_maintype() != "image":
            content = piece.get_payload(decode=True)
            if isinstance(content, bytes):
                yield _words(name).replace("/", "_"), content


def header(message: Message, name: str) -> str:
    """Return a header as text, also where it is encoded or, against the rules, raw bytes."""
    value = message.get(name)
    return _words(str(value)) if value is not None else ""


def _words(value: str) -> str:
    try:
        pieces = [_word(word, charset) for word, charset in decode_header(value)]
    except Exception:  # decode_header gives up on broken words in several ways
        pieces = [value]
    return " ".join("".join(pieces).encode("utf-8", "replace").decode("utf-8").split())


def _word(word: bytes | str, charset: str | None) -> str:
    if isinstance(word, str):
        word = word.encode("ascii", "surrogateescape")
    try:
        return decode(word, declared=None if charset == "unknown-8bit" else charset).text
    except Unreadable:
        return word.decode("utf-8", "replace")
