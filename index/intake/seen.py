"""A set of ids that is only added to and then asked: eight bytes an id."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from hashlib import blake2b

import numpy as np


class Seen:
    """Ids that were seen, as hashes of 64 bits.

    That two of a million ids have one hash is less likely than 1 in 10,000,000; then a document
    that is gone would stay.
    """

    def __init__(self) -> None:
        self._hashes = array("Q")

    def add(self, id: str) -> None:
        """Take note of an id."""
        self._hashes.append(_hash(id))

    def lacking(self, ids: Iterable[str]) -> Iterator[str]:
        """Those of some ids that were not seen."""
        known = np.unique(np.frombuffer(self._hashes, np.uint64)) if self._hashes else None
        for id in ids:
            if known is None:
                yield id
                continue
            wanted = np.uint64(_hash(id))
            at = int(np.searchsorted(known, wanted))
            if at == len(known) or known[at] != wanted:
                yield id


def _hash(id: str) -> int:
    digest = blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
