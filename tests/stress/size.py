"""Size on disk through many random updates: `python size.py [--updates 10000]`.

A commit every 100 updates. Prints the largest ratio of the bytes on disk after a commit to
those of the same documents in an index built afresh, and the most segments there were.
"""

import argparse
import random
import tempfile
from pathlib import Path

from kashaf.index import Corpus, Schema

WORDS = [a + b + c for a in "كدرسق" for b in "تبلمن" for c in "عحفوي"]


def body(rng: random.Random) -> str:
    """Return a text of some hundred words."""
    return " ".join(rng.choices(WORDS, k=rng.randint(50, 300)))


def size(place: str) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in Path(place).iterdir())


def afresh(state: dict[str, str]) -> int:
    """Return the size of an index of these documents, built at once."""
    with tempfile.TemporaryDirectory() as place:
        with Corpus(place, create=Schema({"id": "id", "body": "text"})).writer() as writer:
            for id, text in state.items():
                writer.add(id=id, body=text)
        return size(place)


def main() -> None:
    """Update, commit, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=2_000)
    arguments = parser.parse_args()
    rng = random.Random(1)
    state = {str(n): body(rng) for n in range(arguments.documents)}
    worst, segments = 0.0, 0
    with tempfile.TemporaryDirectory() as place:
        corpus = Corpus(place, create=Schema({"id": "id", "body": "text"}))
        with corpus.writer() as writer:
            for id, text in state.items():
                writer.add(id=id, body=text)
            writer.commit()
            live = afresh(state)
            for number in range(1, arguments.updates + 1):
                id = str(rng.randrange(arguments.documents))
                state[id] = body(rng)
                writer.update(id=id, body=state[id])
                if number % 100 == 0:
                    writer.commit()
                    worst = max(worst, size(place) / live)
                    segments = max(segments, len(corpus.snapshot().segments))
        print(f"{arguments.updates} updates of {arguments.documents} documents")
        print(f"at most {worst:.2f} times the live data, {segments} segments")


if __name__ == "__main__":
    main()
