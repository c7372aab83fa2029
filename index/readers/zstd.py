"""A zstd file as a file. Unlike the stream reader of `zstandard` it tells a file cut short."""

from __future__ import annotations

from typing import BinaryIO, Final

import zstandard

_PIECE: Final = 512  # a block of 4 bytes may stand for 128 KB, so this for 16 MB at once
_LARGEST_WINDOW: Final = 1 << 27


class ZstdFile:
    """Reads the frames of a file one after another."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._zstd = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW)
        self._frame = self._zstd.decompressobj()
        self._fresh = True  # nothing of the frame has been read
        self._ready = b""

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes; fewer only at the end. A cut file is an EOFError."""
        pieces, have = [self._ready], len(self._ready)
        while have < size and (data := self._file.read(_PIECE)):
            pieces.append(self._feed(data))
            have += len(pieces[-1])
        if have < size and not self._fresh:
            raise EOFError("cut short")
        whole = b"".join(pieces)
        self._ready = whole[size:]
        return whole[:size]

    def _feed(self, data: bytes) -> bytes:
        pieces = []
        while data:
            pieces.append(self._frame.decompress(data))
            self._fresh = self._frame.eof
            data = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = self._zstd.decompressobj()
        return b"".join(pieces)

    def close(self) -> None:
        """Close the file below."""
        self._file.close()
