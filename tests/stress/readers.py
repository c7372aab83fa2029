"""Readers at full speed beside a writer: `python readers.py [--seconds 60] [--readers 4]`.

Each commit holds, for its generation g, the documents 0 to 9 whose body names g and g + the
number of the document; so every answer tells which commit it is from, and must be all of it.
"""

import argparse
import multiprocessing as mp
import sys
import tempfile
import time
from typing import Any

import kashaf
from kashaf.index import Corpus, Schema

COUNT = 10


def read(place: str, until: float, results: Any) -> None:
    """Search, fetch and refresh without pause; report how often, or what was wrong."""
    searches = refreshes = 0
    try:
        index = kashaf.open(place)
        while time.time() < until:
            refreshes += index.refresh()
            generation = index.snapshot.generation
            hits = index.search("كتاب", limit=2 * COUNT).hits
            assert sorted(hit.id for hit in hits) == [str(n) for n in range(COUNT)]
            assert {hit.fields["turn"] for hit in hits} == {generation}
            assert len({float(hit.score) for hit in hits}) == 1
            assert len(index.search(f"g{generation}", limit=2 * COUNT).hits) == COUNT
            reopened = kashaf.open(place)
            assert reopened.snapshot.generation >= generation
            searches += 2
        results.put((searches, refreshes, ""))
    except BaseException as error:
        results.put((searches, refreshes, repr(error)))
        raise


def write(place: str, until: float) -> int:
    """Replace all documents with each commit."""
    corpus = Corpus(place)
    generation = corpus.snapshot().generation
    with corpus.writer() as writer:
        while time.time() < until:
            for number in range(COUNT):
                body = f"كتاب g{generation + 1} سوق"
                writer.update(id=str(number), body=body, turn=generation + 1)
            generation = writer.commit()
    return generation


def main() -> None:
    """Start the readers, write, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=4)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        Corpus(place, create=Schema({"id": "id", "body": "text", "turn": "stored"}))
        write(place, time.time() + 0.05)
        until = time.time() + arguments.seconds
        context = mp.get_context("spawn")
        results = context.Queue()
        readers = [
            context.Process(target=read, args=(place, until, results))
            for _ in range(arguments.readers)
        ]
        for reader in readers:
            reader.start()
        commits = write(place, until)
        found = [results.get() for _ in readers]
        for reader in readers:
            reader.join()
    searches, refreshes = sum(f[0] for f in found), sum(f[1] for f in found)
    print(f"{commits} commits, {searches} searches, {refreshes} refreshes")
    errors = [error for _, _, error in found if error]
    print("\n".join(errors) or "no error")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
