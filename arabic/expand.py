"""Other words that a query's words stand for: months, names, numbers, phrases in one sign.

Nothing here touches an index: an expansion is found in the query, and each kind can be
switched off.

| kind        | what                                                    | module       |
|-------------|---------------------------------------------------------|--------------|
| `months`    | month names of other regions                            | `months.py`  |
| `names`     | عبدالله and عبد الله, أبو and أبا and أبي, ابن and بن        | `names.py`   |
| `numbers`   | numbers in words to digits                              | `numbers.py` |
| `vocative`  | يا with the word after it, as the Quran writes it: يأيها  | here         |
| `ligatures` | ﷺ and ﷽ as the words that they show                     | here         |
"""

import functools
from collections.abc import Callable, Collection, Iterator, Sequence

from ..records import NamedTuple
from . import months, names, numbers
from .spelling import fold

KINDS = ("months", "names", "numbers", "vocative", "ligatures")

LIGATURES = {
    "ﷺ": "صلى الله عليه وسلم",
    "ﷻ": "جل جلاله",
    "﷽": "بسم الله الرحمن الرحيم",
}
VOCATIVE = "يا"

Phrase = tuple[str, ...]


class Expansion(NamedTuple):
    """Alternatives for some words of a query.

    Attributes:
        kind: one of `KINDS`.
        start, end: the words of the query, from `start` to before `end`.
        alternatives: what may stand there instead, each a row of folded words.
        note: what happened, for a reader.
    """

    kind: str
    start: int
    end: int
    alternatives: tuple[Phrase, ...]
    note: str


_fold = functools.lru_cache(maxsize=1 << 13)(fold)


@functools.cache
def _triggers() -> dict[str, frozenset[str]]:
    """The folded words with which an expansion of each kind can begin, but for numerals and
    names in عبدال."""
    return {
        "months": frozenset(name[0] for name in months.by_name()),
        "names": frozenset({"عبد", "ابوظبي", *names.KUNYA, *names.SON}),
        "vocative": frozenset({VOCATIVE}),
        "ligatures": frozenset(LIGATURES),
    }


@functools.lru_cache(maxsize=1 << 13)
def beginnings(word: str) -> frozenset[str]:
    """The kinds of which an expansion can begin with a word, as it is written."""
    folded = _fold(word)
    bare = _without_clitic(folded)
    kinds = {kind for kind, words in _triggers().items() if folded in words or bare in words}
    if folded.startswith("عبدال"):
        kinds.add("names")
    if numbers.value_of(folded, True) is not None:
        kinds.add("numbers")
    return frozenset(kinds)


def expansions(words: Sequence[str], kinds: Collection[str] = KINDS) -> list[Expansion]:
    """What a query's words may also be called.

    Args:
        words: the words of the query, or of a phrase in it, in order.
        kinds: the kinds wanted.

    Returns:
        The expansions in the order of their first words; they may overlap.
    """
    begun = list(map(beginnings, words))
    wanted = set(kinds) & {kind for each in begun for kind in each}
    if not wanted:
        return []
    folded = list(map(_fold, words))
    found: list[Expansion] = []
    for kind in wanted:
        found += _FINDERS[kind](folded, [at for at, each in enumerate(begun) if kind in each])
    return sorted(found, key=lambda each: (each.start, each.end, KINDS.index(each.kind)))


def _is_number(words: Sequence[str], at: int) -> bool:
    return 0 <= at < len(words) and (
        words[at].isdigit() or numbers.value_of(words[at], True) is not None
    )


def _in_date(words: Sequence[str], start: int, end: int) -> bool:
    """Whether a number, or the word for month, stands beside some words."""
    beside = start > 0 and words[start - 1] in ("شهر", "لشهر", "بشهر")
    return beside or _is_number(words, start - 1) or _is_number(words, end)


def _without_clitic(word: str) -> str:
    """A folded word without the one letter that stands before a name: ليناير, بكانون."""
    return word[1:] if word[:1] in ("و", "ف", "ب", "ك", "ل") and len(word) > 4 else word


def _month_at(words: Sequence[str], start: int) -> tuple[Phrase, int]:
    """The name of a month that begins at a word, and of how many words it is; 0 for none."""
    table = months.by_name()
    for length in (2, 1):
        rest = words[start + 1 : start + length]
        for first in (words[start], _without_clitic(words[start])):
            if (first, *rest) in table and len(rest) == length - 1:
                return (first, *rest), length
    return (), 0


def _months(words: Sequence[str], begins: Sequence[int]) -> Iterator[Expansion]:
    table = months.by_name()
    end = 0
    for start in begins:
        if start < end:
            continue
        phrase, length = _month_at(words, start)
        end = start + length
        month = table.get(phrase)
        if month and (phrase not in month.doubtful or _in_date(words, start, end)):
            others = month.others(phrase)
            if _is_number(words, start - 1) and _is_number(words, end):
                others = (*others, (str(month.number),))
            if others:
                note = f"month {month.number} of the {month.calendar} calendar"
                yield Expansion("months", start, end, others, note)


def _names(words: Sequence[str], begins: Sequence[int]) -> Iterator[Expansion]:
    for at in begins:
        word, after = words[at], words[at + 1] if at + 1 < len(words) else ""
        if single := names.single(word):
            yield Expansion("names", at, at + 1, single, "one name, written apart")
        elif two := names.pair(word, after):
            yield Expansion("names", at, at + 2, two, "one name, written otherwise")
        elif after and (son := names.son(word)):
            yield Expansion("names", at, at + 1, son, "son of")


def _numbers(words: Sequence[str], begins: Sequence[int]) -> Iterator[Expansion]:
    end = 0
    for start in begins:
        if start < end:
            continue
        numerals = numbers.run(words, start)
        end = start + len(numerals)
        if numerals and (len(numerals) > 1 or words[start] not in numbers.doubtful()):
            digits = str(numbers.total(numerals))
            yield Expansion("numbers", start, end, ((digits,),), f"the number {digits}")


def _vocatives(words: Sequence[str], begins: Sequence[int]) -> Iterator[Expansion]:
    for at in begins:
        if words[at] == VOCATIVE and at + 1 < len(words):
            joined = ((VOCATIVE + words[at + 1],),)
            yield Expansion("vocative", at, at + 2, joined, "joined, as in the Quran")


def _ligatures(words: Sequence[str], begins: Sequence[int]) -> Iterator[Expansion]:
    for at in begins:
        if words[at] in LIGATURES:
            spelt = tuple(map(fold, LIGATURES[words[at]].split()))
            yield Expansion("ligatures", at, at + 1, (spelt,), "the words that the sign shows")


_FINDERS: dict[str, Callable[[Sequence[str], Sequence[int]], Iterator[Expansion]]] = {
    "months": _months,
    "names": _names,
    "numbers": _numbers,
    "vocative": _vocatives,
    "ligatures": _ligatures,
}
