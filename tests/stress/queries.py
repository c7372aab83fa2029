"""Random and mutated strings through the parser and the executor.

    python tests/stress/queries.py INDEX [--count 1000000] [--seed 1] [--seconds S]

Says, at the end, when S seconds are over, or when told to end, how many were answered, the
slowest of them, and how far memory grew; exits with 1 if one raised anything but a UsageError,
took over a second of processor time, or if memory grew by more than 50 MB after the first
tenth: what a process remembers of words is bounded, and full by then.
"""

import argparse
import random
import resource
import signal
import sys
import time
from pathlib import Path

import kashaf
from kashaf.errors import UsageError
from kashaf.search.word_list import word_list

GOLDEN = Path(__file__).parents[1] / "search" / "data" / "queries.tsv"
SIGNS = [
    *"()\"*?~^:+-[]{}<>=/\\'؟،؛«»“”. \n\0\u200f\u0640\u064e\ud800",
    *("title:", "body:", "root:", "exact:", "date:", "date:[", " TO ", 'r"', "~2", "^9", "*", "**"),
    *(" AND ", " OR ", " NOT ", " أو ", " ANDNOT ", " ANDMAYBE ", " REQUIRE ", "((", "))", '"'),
]


def mutated(rng, text):
    """A text with a few signs put in, taken out or doubled."""
    for _ in range(rng.randint(1, 6)):
        at = rng.randint(0, len(text))
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:at] + rng.choice(SIGNS) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 3) :]
        elif kind == 2:
            text = text[:at] + text[at : at + rng.randint(1, 9)] * 2 + text[at:]
        else:
            text = (
                text[:at]
                + chr(rng.choice((rng.randrange(128), rng.randrange(0x600, 0x700))))
                + text[at:]
            )
    return text


def made_up(rng, words):
    """A string of words and signs, or of any characters; now and then a very long one."""
    kind = rng.randrange(10)
    if kind == 0:
        return "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(30)))
    length = rng.randrange(600) if kind == 1 and rng.random() < 0.05 else rng.randrange(12)
    parts = [rng.choice(words) if rng.random() < 0.6 else rng.choice(SIGNS) for _ in range(length)]
    return rng.choice(("", " ")).join(parts)


def memory():
    """Megabytes at the most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("index")
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--seconds", type=float, default=float("inf"))
    given = options.parse_args()
    rng, index = random.Random(given.seed), kashaf.open(given.index)
    listed = word_list(index.snapshot)
    words = [listed[rng.randrange(len(listed))] for _ in range(3000)]
    words += ["كتاب", "في", "من", "ا", "ال"]
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    golden = [line.split("\t")[0] for line in GOLDEN.read_text("utf-8").splitlines()]
    slowest, failures, refused, base, start = [(0.0, "")], [], 0, 0.0, time.perf_counter()
    done = 0
    for number in range(given.count):
        if told or time.perf_counter() - start > given.seconds:
            break
        text = mutated(rng, rng.choice(golden)) if rng.random() < 0.5 else made_up(rng, words)
        begin = time.thread_time()
        try:
            page = index.search(text, limit=10)
            _ = page.total, page.reading, page.notices
            if number % 50 == 0:
                _ = [hit.passages for hit in page]
        except UsageError:
            refused += 1
        except Exception as error:  # whatever it is, it is what this looks for
            failures.append((repr(error)[:200], text))
        slowest = sorted([*slowest, (time.thread_time() - begin, text)], reverse=True)[:5]
        if number <= given.count // 10:
            base = memory()
        done = number + 1
    grown = memory() - base
    seconds = time.perf_counter() - start
    print(f"{done} queries in {seconds:.0f} s, {refused} refused, {len(failures)} failed")
    print(f"memory {memory():.0f} MB, grown by {grown:.0f} MB after the first of them")
    for took, text in slowest:
        print(f"{took * 1000:8.1f} ms  {text[:100]!r}")
    for error, text in failures[:20]:
        print(error, ascii(text))
    return int(bool(failures) or slowest[0][0] > 1 or grown > 50)


if __name__ == "__main__":
    sys.exit(main())
