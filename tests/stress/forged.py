"""Indexes made by a stranger: `python forged.py [--seconds 600] [--seed N]`.

Columns of a small index are spoilt at random and all checksums made right again; then all that
reads an index reads it, and check, repair, merging and writing go over it. Each must answer, or
raise Kashaf's own error; in seconds, and without wanting more memory than a small index explains.
The kernels may be those with bounds checks, or gcc's; tests/kernels/conftest.py tells how.
"""

import argparse
import faulthandler
import os
import random
import resource
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from index.forging import mutated, read_all
from index.model import SCHEMA, documents
from kashaf.index import Corpus
from kashaf.storage import MemoryDirectory

SECONDS_AN_INDEX = 120
ROOM = 1 << 30
"""Bytes beyond those at the start that an index may want."""


def original() -> dict[str, bytes]:
    """Return the files of an index of two segments, with blocks of 128 to cross, and deletions."""
    directory = MemoryDirectory()
    Corpus(directory, create=SCHEMA)
    found = documents(260, 9)
    for part in (found[:200], found[200:]):
        with Corpus(directory).writer() as writer:
            for each in part:
                writer.add(each)
    with Corpus(directory).writer() as writer:
        for id in ("3", "130", "201"):
            writer.delete(id)
    return {name: bytes(file.data) for name, file in directory.files.items()}


def limit_memory() -> None:
    """Have a wild allocation refused; not under gcc's checks, which reserve terabytes."""
    if "asan" not in os.environ.get("LD_PRELOAD", ""):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        room = pages * resource.getpagesize() + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (room, room))


def main() -> int:
    """Forge, read, again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    parser.add_argument("--first", type=int, default=0, help="number of the first index")
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    files = original()
    read_all(MemoryDirectory(files), 20)
    limit_memory()
    wrong, count, end = 0, given.first, time.monotonic() + given.seconds
    while time.monotonic() < end:
        faulthandler.dump_traceback_later(SECONDS_AN_INDEX, exit=True)
        try:
            read_all(mutated(files, random.Random(f"{given.seed} {count}")), 20)
        except Exception:
            wrong += 1
            print(f"index {count}:", flush=True)
            traceback.print_exc()
        count += 1
    faulthandler.cancel_dump_traceback_later()
    print(f"{count - given.first} indexes, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
