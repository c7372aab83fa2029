"""A set of ids that is only added to and then asked: eight bytes an id."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray


class Seen:
    """Ids that were seen, as hashes of 64 bits.

    That two of a million ids have one hash is less likely than 1 in 10,000,000; then a document
    that is gone would stay.
    """

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._sorted: NDArray[np.uint64] | None = None

    def __len__(self) -> int:
        return len(self._hashes)

    def add(self, id: str) -> None:
        """Take note of an id."""
        self._sorted = None
        self._hashes.append(_hash(id))

    def __contains__(self, id: str) -> bool:
        known, wanted = self._known(), np.uint64(_hash(id))
        at = int(np.searchsorted(known, wanted))
        return at < len(known) and bool(known[at] == wanted)

    def lacking(self, ids: Iterable[str]) -> Iterator[str]:
        """Those of some ids that were not seen."""
        return (id for id in ids if id not in self)

    def repeats(self) -> int:
        """How often an id was added that was there already."""
        known = self._known()
        return int((known[1:] == known[:-1]).sum())

    def _known(self) -> NDArray[np.uint64]:
        if self._sorted is None:
            self._sorted = np.sort(np.array(self._hashes, np.uint64))
        return self._sorted


def _hash(id: str) -> int:
    digest = blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
