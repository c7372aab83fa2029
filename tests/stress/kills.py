"""Kill a real writer at random moments: `python kills.py [--kills 500]`.

A child process adds, updates, deletes, merges and commits without pause, and prints each
generation that was acknowledged. It is killed with SIGKILL; then the index must be sound
and hold exactly what that commit, or the one that was under way, should hold. What a
generation holds follows from its number, so that parent and child need not talk.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time

import kashaf
from kashaf.index import Corpus, Schema
from kashaf.index import commit as commits
from kashaf.index.check import check

WORDS = ["كتاب", "كتب", "المدرسة", "درس", "طالب", "الطلاب", "بيت", "سوق", "قال", "اليوم"]
IDS = 60


def turn(generation: int) -> tuple[dict[str, str], list[str], bool]:
    """Return what the commit of a generation changes: updates, deletions, whether it merges."""
    rng = random.Random(generation)
    updates = {
        str(rng.randrange(IDS)): " ".join(rng.choices(WORDS, k=rng.randint(1, 30)))
        for _ in range(rng.randint(1, 8))
    }
    deleted = [str(rng.randrange(IDS)) for _ in range(rng.randint(0, 3))]
    return updates, deleted, generation % 17 == 0


def apply(state: dict[str, str], generation: int) -> None:
    """Bring what an index should hold from one generation to the next."""
    updates, deleted, _ = turn(generation)
    for id, body in updates.items():
        state.pop(id, None)
        state[id] = body
    for id in deleted:
        state.pop(id, None)


def work(place: str) -> None:
    """Write without end."""
    with Corpus(place).writer(timeout=10) as writer:
        generation = commits.newest(writer._directory).generation
        while True:
            updates, deleted, merges = turn(generation + 1)
            for id, body in updates.items():
                writer.update(id=id, body=body)
            if generation % 3 == 0:
                writer.flush()
            for id in deleted:
                writer.delete(id)
            if merges:
                writer.optimize()
            writer.extend({f"f{generation}": "keyword"})  # so that every turn makes a commit
            generation = writer.commit()
            print(generation, flush=True)


def killed(place: str, rng: random.Random) -> int:
    """Run a writer, kill it at a random moment; return the last generation it told of."""
    command = [sys.executable, __file__, "--work", place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(rng.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        told = [first, *process.stdout.read().split("\n")]
    assert process.returncode == -signal.SIGKILL, "the writer ended by itself"
    return max((int(line) for line in told if line.strip()), default=0)


def require(place: str, state: dict[str, str], known: int, told: int) -> int:
    """Compare an index with what it should hold; return its generation."""
    corpus = Corpus(place)
    assert check(corpus.directory) == []
    found = corpus.snapshot()
    assert told <= found.generation <= max(told, known) + 1, (told, found.generation)
    for generation in range(known + 1, found.generation + 1):
        apply(state, generation)
    assert {d["id"]: d["body"] for d in found.all_documents()} == state
    index = kashaf.open(place)
    expected = sorted(id for id, body in state.items() if "سوق" in body.split())
    assert sorted(hit.id for hit in index.search("exact:سوق", limit=IDS).hits) == expected
    return found.generation


def main() -> None:
    """Kill, compare, again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work")
    arguments = parser.parse_args()
    if arguments.work:
        work(arguments.work)
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as place:
        Corpus(place, create=Schema({"id": "id", "body": "text"}))
        state: dict[str, str] = {}
        known, unseen = 1, 0
        for number in range(1, arguments.kills + 1):
            told = killed(place, rng)
            found = require(place, state, known, told)
            unseen += found > told > 0
            known = found
            if number % 50 == 0:
                print(f"{number} kills, generation {known}, {unseen} commits untold", flush=True)


if __name__ == "__main__":
    main()
