"""Readers: bytes in, documents out.

`read(source)` yields a `Document` for each document that a file holds and a `Skipped`,
with its reason, for each that could not be taken in. Formats are told by content first
and by name second; every reader is one module with one function,

    read(source: Source, options: Options) -> Iterator[Document | Skipped]

named in the table in `formats.py` and imported when its format first turns up. Another
package adds a reader as an entry point of the group `kashaf.readers`, named after the
suffix it reads, without the dot.

What this room is not for: walking folders, deciding what changed, building segments.
"""

from .dispatch import read
from .model import (
    KINDS,
    Document,
    Limits,
    Options,
    Skipped,
    Source,
    bytes_source,
    file_source,
)

__all__ = [
    "KINDS",
    "Document",
    "Limits",
    "Options",
    "Skipped",
    "Source",
    "bytes_source",
    "file_source",
    "read",
]
