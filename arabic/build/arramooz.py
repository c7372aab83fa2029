"""What a school dictionary knows: nouns, their roots and their broken plurals.

From `arramooz-pysqlite` (Taha Zerrouki). Its rows are of mixed quality, so a plural is taken only
where it holds the root of its singular in order.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from importlib import resources
from typing import NamedTuple

WEAK = "اوىيءأإآؤئة"
BROKEN = "جمع تكسير"
WORD = re.compile("[\u0621-\u063a\u0641-\u0652]{2,}")


class Noun(NamedTuple):
    """A vocalised noun, its root if known, and for a broken plural its singular."""

    word: str
    root: str
    singular: str


@cache
def nouns() -> tuple[Noun, ...]:
    """The nouns of the dictionary, their broken plurals among them."""
    path = resources.files("arramooz") / "data" / "arabicdictionary.sqlite"
    query = "select vocalized, root, number, single, broken_plural from nouns order by id"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute(query).fetchall()
    return tuple(noun for row in rows for noun in _nouns_of(*row))


def _nouns_of(word: str, root: str, number: str, singular: str, plural: str) -> Iterator[Noun]:
    root = root if re.fullmatch("[\u0621-\u064a]{3,5}", root) else ""
    word, singular = bare(word), bare(singular or "")
    if number == BROKEN:
        if WORD.fullmatch(word) and WORD.fullmatch(singular):
            yield Noun(word, root, singular)
        return
    if WORD.fullmatch(word):
        yield Noun(word, root, "")
    for each in re.split("[;،,]", plural or ""):
        if WORD.fullmatch(bare(each)):
            yield Noun(bare(each), root, word)


def bare(word: str) -> str:
    """A vocalised word without its case ending."""
    return word.strip().rstrip("\u064b\u064c\u064d\u064e\u064f\u0650")


def holds_root(word: str, root: str) -> bool:
    """Whether the strong letters of a root stand in a word in their order."""
    strong = [letter for letter in root if letter not in WEAK]
    return re.search(".*".join(strong), word) is not None
