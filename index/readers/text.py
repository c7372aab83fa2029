"""Plain text. A short first line with an empty one after it is the title."""

from __future__ import annotations

from collections.abc import Iterator

from .encoding import Decoded, decode
from .model import Document, Options, Skipped, Source, Unreadable

TITLE_LENGTH = 150


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the one document of a text file."""
    decoded = load_text(source, options)
    title, body = split_title(decoded.text)
    fields: dict[str, object] = {"title": title} if title else {}
    yield Document({**fields, "body": body}, notes=decoded.notes)


def load_text(source: Source, options: Options, declared: str | None = None) -> Decoded:
    """Return the whole text of a source with line ends as \\n; refuse one without any."""
    decoded = decode(
        source.load(options.limits.document), encoding=options.encoding, declared=declared
    )
    decoded.text = plain_lines(decoded.text)
    if not decoded.text.strip():
        raise Unreadable("empty", "nothing in it")
    return decoded


def plain_lines(text: str) -> str:
    """Return the text with \\r\\n and \\r as \\n."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def split_title(text: str) -> tuple[str, str]:
    """Return title and body; the title is "" unless the first line stands alone."""
    first, _, rest = text.lstrip("\n").partition("\n")
    title = first.strip()
    second, _, after = rest.partition("\n")
    if title and len(title) <= TITLE_LENGTH and not second.strip() and after.strip():
        return title, after.lstrip("\n")
    return "", text
