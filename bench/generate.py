"""Makes a corpus of any size that grows as text does.

    python bench/generate.py 100000 corpus.jsonl.gz [--base articles.jsonl.gz] [--seed 7]

The articles of a base corpus are repeated with their sentences shuffled, and rare words are
put in the place of others so that the vocabulary follows Heaps' law, V = k · n^beta, with
the k and beta of the base (Heaps 1978, section 7.5). The first round is the base as it is. A
rare word is a word of the base with one letter changed, as names and slips are; half of the
rare words that a document gets are new and the others were met before. Without a base, one
is made of Arabic roots and patterns, with words as frequent as Zipf's law says.

The same arguments give the same corpus.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import corpus
from corpus import Article

BASE_ARTICLES = 5_000
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
PATTERNS = (
    "فعل", "فاعل", "مفعول", "فعال", "فعيل", "فعول", "مفعل", "تفعيل", "مفاعلة", "انفعال",
    "افتعال", "استفعال", "فعلة", "مفعلة", "أفعال", "فواعل", "مفاعل", "يفعل", "تفعل", "فعلوا",
)  # fmt: skip
PREFIXES = ("", "", "", "ال", "ال", "وال", "بال", "لل", "و", "ف", "ب")
SUFFIXES = ("", "", "", "", "ة", "ه", "ها", "هم", "ات", "ين", "ون", "نا")
SENTENCE = re.compile(r"(?<=[.!?؟\n])\s*")
WORD = re.compile(r"\w+")


def documents(count: int, base: Sequence[Article], seed: int = 7) -> Iterator[Article]:
    """The articles of a corpus of `count` documents."""
    growth = Growth(base, Random(seed))
    for number in range(count):
        title, body = base[number % len(base)]
        yield (title, body if number < len(base) else growth.vary(body))


def base_corpus(seed: int = 7) -> list[Article]:
    """Articles from word lists of our own, for want of real ones."""
    random = Random(seed)
    roots = ["".join(random.sample(LETTERS, 3)) for _ in range(400)]
    forms = sorted({_form(random, root) for root in roots for _ in range(60)})
    random.shuffle(forms)
    weights = list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(forms))))
    return [_article(random, forms, weights) for _ in range(BASE_ARTICLES)]


class Growth:
    """Varies articles and keeps the vocabulary on its curve.

    Args:
        base: the articles that the curve is fitted to and that rare words are made from.
        random: decides everything.
    """

    def __init__(self, base: Sequence[Article], random: Random) -> None:
        self._random = random
        self._words = 0
        self._known: set[str] = set()
        self._rare: list[str] = []
        half = (1, 1)
        for number, article in enumerate(base):
            if number == len(base) // 2:
                half = (max(self._words, 1), max(len(self._known), 1))
            self._meet(" ".join(article))
        self._models = sorted(self._known)
        self._beta = _slope(half, (self._words, len(self._known)))
        self._k = len(self._known) / max(self._words, 1) ** self._beta

    def vary(self, body: str) -> str:
        """An article like this one: its sentences shuffled, some words rare ones."""
        sentences = [part for part in SENTENCE.split(body) if part]
        self._random.shuffle(sentences)
        words = " ".join(sentences).split(" ")
        self._words += len(words)
        missing = round(self._k * self._words**self._beta) - len(self._known)
        for new in [True, False] * min(missing, len(words) // 4):
            words[self._random.randrange(len(words))] = self._new() if new else self._old()
        return " ".join(words)

    def _new(self) -> str:
        while True:
            model = self._random.choice(self._models)
            at = self._random.randrange(len(model))
            word = model[:at] + self._random.choice(LETTERS) + model[at + 1 :]
            if word not in self._known:
                self._known.add(word)
                self._rare.append(word)
                return word

    def _old(self) -> str:
        return self._random.choice(self._rare)

    def _meet(self, text: str) -> None:
        found = WORD.findall(text)
        self._words += len(found)
        self._known.update(found)


def _slope(half: tuple[int, int], whole: tuple[int, int]) -> float:
    """Beta of Heaps' law through two points (words, vocabulary)."""
    if whole[0] <= half[0]:
        return 0.5
    return math.log(whole[1] / half[1]) / math.log(whole[0] / half[0])


def _form(random: Random, root: str) -> str:
    pattern = random.choice(PATTERNS)
    stem = pattern.translate(str.maketrans("فعل", root))
    return random.choice(PREFIXES) + stem + random.choice(SUFFIXES)


def _article(random: Random, forms: list[str], weights: list[float]) -> Article:
    sentences = [_sentence(random, forms, weights) for _ in range(random.randint(4, 16))]
    title = " ".join(random.choices(forms, cum_weights=weights, k=random.randint(4, 8)))
    return title, " ".join(sentences)


def _sentence(random: Random, forms: list[str], weights: list[float]) -> str:
    return " ".join(random.choices(forms, cum_weights=weights, k=random.randint(6, 24))) + "."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("count", type=int, help="documents")
    parser.add_argument("out", type=Path, help="file of JSON lines, gzipped if it ends so")
    parser.add_argument("--base", type=Path, help="corpus that is varied")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    base = list(corpus.articles(given.base)) if given.base else base_corpus(given.seed)
    with corpus.opened(given.out, "wt") as out:
        for number, (title, body) in enumerate(documents(given.count, base, given.seed)):
            row = {"id": str(number), "title": title, "body": body}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
