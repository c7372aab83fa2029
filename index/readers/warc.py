"""Web archives (WARC), through warcio: each page or file that was fetched is a document."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr
from itertools import count
from typing import Any, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from .archives import budget_of, read_member
from .dates import iso_date
from .model import Document, Options, Skipped, Source, Unreadable, bytes_source

logging.getLogger("warcio").addHandler(logging.NullHandler())

_FETCHED: Final = ("response", "resource", "conversion")


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield what each record holds; its part is the number of the record and the address."""
    budget = budget_of(source, options)
    with source.open() as file:
        records = ArchiveIterator(file)
        try:
            for number in count(1):
                record = _next(records)
                if record is None:
                    break
                if record.rec_type in _FETCHED:
                    yield from _record(record, number, source, options, budget)
        except ArchiveLoadFailed as trouble:
            raise Unreadable("damaged", f"damaged archive: {trouble}") from trouble


def _next(records: Any) -> Any:
    """Return the next record, or None. What warcio has to say of it is not for the terminal."""
    with redirect_stderr(io.StringIO()):
        return next(records, None)


def _record(
    record: Any, number: int, source: Source, options: Options, budget: Any
) -> Iterator[Document | Skipped]:
    address = record.rec_headers.get_header("WARC-Target-URI") or ""
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    if not status.startswith("2"):
        return
    limit = options.limits.document
    data = record.content_stream().read(limit + 1)
    if len(data) > limit:
        yield Skipped("larger than the limit", "too-large", f"{number}")
        return
    name = address.partition("?")[0].rstrip("/").rpartition("/")[2] or "page.html"
    inner = bytes_source(name, data)
    inner = Source(name, inner.open, len(data), budget, source.depth + 1)
    for item in read_member(inner, str(number), options):
        if isinstance(item, Document):
            _state(item, record, address)
        yield item


def _state(item: Document, record: Any, address: str) -> None:
    """Add where and when a page was fetched, where it does not date itself."""
    if address:
        item.fields.setdefault("url", address)
    when = iso_date(record.rec_headers.get_header("WARC-Date") or "")
    if when:
        item.fields.setdefault("date", when)
