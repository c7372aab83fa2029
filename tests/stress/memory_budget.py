"""Peak memory of indexing and merging many articles: `python memory_budget.py [ARTICLES]`.

ARTICLES is a JSON Lines file, gzipped, with `title` and `body`; without it, articles are made. They
are indexed several times over, under new ids. Prints the peak resident memory above that of the
interpreter with Kashaf imported.
"""

import argparse
import gzip
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import kashaf
from kashaf.index import Corpus


def peak() -> float:
    """Return the highest resident memory so far, in megabytes."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def articles(path: str | None, times: int) -> Iterator[dict[str, str]]:
    """Yield the articles `times` over."""
    rng = random.Random(4)
    words = ["".join(rng.choices("كدرسقتبلمنعحفوي", k=rng.randint(3, 7))) for _ in range(30_000)]
    for turn in range(times):
        if path is None:
            for number in range(10_000):
                body = " ".join(rng.choices(words, k=150))
                yield {"id": f"{turn}-{number}", "title": "", "body": body}
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                found = json.loads(line)
                yield {"id": f"{turn}-{number}", "title": found["title"], "body": found["body"]}


def main() -> None:
    """Index, merge, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--memory", type=int, default=64)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--keep", help="a folder for the index, which stays")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(
            arguments.keep or folder,
            create=kashaf.Schema({"id": "id", "title": "text", "body": "text"}),
        )
        base = peak()
        begin = time.perf_counter()
        with corpus.writer(arguments.memory, jobs=arguments.jobs) as writer:
            for each in articles(arguments.articles, arguments.times):
                writer.add(each)
        indexed, seconds = peak() - base, time.perf_counter() - begin
        print(f"indexing: {indexed:.0f} MB above {base:.0f} MB, {seconds:.1f} s", flush=True)
        begin = time.perf_counter()
        with corpus.writer(arguments.memory) as writer:
            writer.optimize()
        print(f"merging to one: {peak() - base:.0f} MB in all, {time.perf_counter() - begin:.1f} s")
        print(f"{corpus.snapshot().documents} documents")


if __name__ == "__main__":
    main()
