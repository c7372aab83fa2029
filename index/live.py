"""Live documents: which documents of a segment are deleted, one file a generation.

A `live-SEGMENT-GENERATION.bits` file is a column file of one column, `live`: uint8 bits,
least significant first, 1 where the document is live.
"""

from __future__ import annotations

from ..storage import ColumnFile, Directory, FileInfo
from .dtypes import Bytes, np

KIND = "live"


def write_live(directory: Directory, name: str, segment: str, live: Bytes) -> FileInfo:
    """Write the live documents of a segment: uint8, one a document, 0 or 1.

    Args:
        segment: the segment's file, which is noted for a repair without a commit.
    """
    from ..storage import ColumnWriter  # late: a search needs none of what writing takes

    with ColumnWriter(directory, name, KIND) as out:
        out.add("live", np.packbits(live, bitorder="little"))
        return out.finish({"documents": len(live), "segment": segment})


def open_live(directory: Directory, info: FileInfo) -> ColumnFile:
    """Map the file of a segment's live documents, so that no later commit can take it away."""
    return ColumnFile(directory, info, KIND)


def read_live(file: ColumnFile, documents: int) -> Bytes:
    """The live documents of a segment: uint8, one a document, 0 or 1."""
    file.expect("live", "|u1", (documents + 7) // 8)
    return np.unpackbits(file.read("live"), count=documents, bitorder="little")
