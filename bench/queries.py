"""The queries: titles and questions of 2 to 8 words, and two-word phrases from bodies.

Only letters, marks and digits are kept, so that no engine reads syntax in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

WORD = re.compile(r"[^\W_]+(?:[\u064b-\u0652\u0670]+[^\W_]*)*")
OPERATORS = {"and", "or", "not", "to", "andnot", "andmaybe", "require", "near", "in", "أو"}


def from_titles(titles: Iterable[str], count: int, seed: int = 7) -> list[str]:
    """Some of the titles that are queries of 2 to 8 words."""
    return _sample(_fit(titles), count, seed)


def from_questions(file: Path, count: int, seed: int = 7) -> list[str]:
    """Some of the questions of a file of `id TAB text`, those of 2 to 8 words; none if none."""
    if not file.is_file():
        return []
    lines = file.read_text("utf-8").splitlines()
    return _sample(_fit(line.partition("\t")[2] for line in lines), count, seed)


def phrases(bodies: Iterable[str], count: int, seed: int = 7) -> list[tuple[str, str]]:
    """Pairs of neighbours, each from another body."""
    random = Random(seed)
    found: dict[tuple[str, str], None] = {}
    for body in bodies:
        words = WORD.findall(body)
        if len(words) > 1:
            at = random.randrange(len(words) - 1)
            found[words[at], words[at + 1]] = None
    pairs = [pair for pair in found if not OPERATORS & {word.lower() for word in pair}]
    return random.sample(pairs, min(count, len(pairs)))


def _fit(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        words = WORD.findall(text)
        if 2 <= len(words) <= 8 and not OPERATORS & {word.lower() for word in words}:
            yield " ".join(words)


def _sample(texts: Iterable[str], count: int, seed: int) -> list[str]:
    distinct = list(dict.fromkeys(texts))
    return Random(seed).sample(distinct, min(count, len(distinct)))
