"""New rules against indexing again: `python upgrade.py [ARTICLES]`.

ARTICLES is a JSON Lines file, gzipped, with `title` and `body`; without it, articles are made. They
are indexed by rules that give no word, one root of a hundred, or every word another stem and root;
the index is then brought to the true rules. It must come to hold what indexing anew gives. Prints
the least processor time of some turns of both.
"""

import argparse
import gzip
import json
import random
import shutil
import tempfile
import time
import zlib
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import kashaf
from kashaf import arabic
from kashaf.arabic import Rungs
from kashaf.arabic.analyzer import packed
from kashaf.index import Corpus, Schema, builder
from kashaf.index.upgrade import upgrade
from kashaf.storage import DiskDirectory

TURNS = 5
SCHEMA = Schema({"id": "id", "title": "text", "body": "text"})
Articles = list[dict[str, str]]


def some(rungs: Rungs) -> Rungs:
    """Return other rungs for the words of a few roots."""
    return rungs if zlib.crc32(rungs.root.encode()) % 100 else rungs._replace(root=rungs.root + "x")


def every(rungs: Rungs) -> Rungs:
    """Return other rungs for every word."""
    return rungs._replace(root=rungs.root[::-1] + "x", stem=rungs.stem[::-1] + "s")


RULES: dict[str, Callable[[Rungs], Rungs]] = {"no": lambda rungs: rungs, "few": some, "all": every}


def keys_by(rule: Callable[[Rungs], Rungs]) -> Callable[..., Any]:
    """Return what gives words their sort keys by changed rungs."""

    def keys_of(codes: Any, edges: Any) -> Any:
        words = ["".join(map(chr, codes[a:b].tolist())) for a, b in pairwise(edges.tolist())]
        return packed(map(rule, arabic.rungs_of(words)))

    return keys_of


def read(path: str | None) -> Articles:
    """Return the articles of a file, or made ones."""
    if path is None:
        rng = random.Random(4)
        words = [
            "".join(rng.choices("كدرسقتبلمنعحفوي", k=rng.randint(3, 7))) for _ in range(30_000)
        ]
        return [
            {"id": str(n), "title": "", "body": " ".join(rng.choices(words, k=150))}
            for n in range(10_000)
        ]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = map(json.loads, lines)
        return [
            {"id": str(n), "title": each["title"], "body": each["body"]}
            for n, each in enumerate(found)
        ]


def index(place: Path, articles: Iterable[dict[str, str]]) -> None:
    """Index articles."""
    with Corpus(place, create=SCHEMA).writer() as writer:
        for each in articles:
            writer.add(each)


def least(prepare: Callable[[], None], work: Callable[[], object]) -> float:
    """Return the least processor time of some turns, in seconds."""
    found = []
    for _ in range(TURNS):
        prepare()
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return min(found)


def columns(place: Path) -> list[bytes]:
    """Return the bytes of every segment's columns."""
    segments = kashaf.open(place).snapshot.segments
    files = [segment.file for segment in segments]
    return [bytes(file.view(name).cast("B")) for file in files for name in sorted(file.columns)]


def main() -> None:
    """Measure, compare, and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?")
    articles = read(parser.parse_args().articles)
    true_rules, true_keys = arabic.FINGERPRINT, builder.keys_of
    with tempfile.TemporaryDirectory() as folder:
        old, new, again = (Path(folder) / name for name in ("old", "new", "again"))

        def clear() -> None:
            shutil.rmtree(again, ignore_errors=True)

        def restore() -> None:
            shutil.rmtree(new, ignore_errors=True)
            shutil.copytree(old, new)

        for name, rule in RULES.items():
            arabic.FINGERPRINT, builder.keys_of = "other", keys_by(rule)
            shutil.rmtree(old, ignore_errors=True)
            index(old, articles)
            arabic.FINGERPRINT, builder.keys_of = true_rules, true_keys

            indexed = least(clear, lambda: index(again, articles))
            upgraded = least(restore, lambda: upgrade(DiskDirectory(new)))
            assert columns(new) == columns(again)
            share = upgraded / indexed
            print(f"{name} rungs changed: {upgraded:.2f} s of {indexed:.2f} s, {share:.0%}")


if __name__ == "__main__":
    main()
