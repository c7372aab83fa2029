"""Words of the index that a misspelled word may have meant.

Candidates are the words at most two edits away (Damerau 1964, with neighbours exchanged as
one edit); they are ordered by what the edits cost, for letters that are often confused cost
less, and by frequency.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np

from ..index.dtypes import Array, Doubles, UInts
from .keyboard import TO_ARABIC
from .word_list import WordList

CONFUSED = "ضظ ذز سص تط ثس ثت دض زظ ذد قك غق حه حخ عء اع يء وء اء هت جش".split()  # noqa: SIM905
"""Letters that are taken for one another, by sound or by look; folded ones are one already."""

_PAIRS = {frozenset(pair) for pair in CONFUSED}
_ROWS = ("qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./")
_NEIGHBOURS = {
    frozenset(pair)
    for row in _ROWS
    for line in (row, [TO_ARABIC[key] for key in row])
    for pair in pairwise(line)
}
_WEAK = frozenset("اويءه")

CONFUSION, NEIGHBOUR, TURNED, DOUBLED, WEAK, FIRST = 0.4, 0.8, 0.7, 0.5, 0.8, 0.3
"""What edits cost that are likelier than others, which cost 1: a letter for one that it is
confused with or that is next to it on the keyboard, two exchanged, a letter doubled or not, a
weak one too many or too few; and what it costs if the first letter differs."""

FREQUENT = 0.13
"""What the frequency of a word is worth: so much times its logarithm."""


def candidates(spelling: str, words: WordList, limit: int) -> list[tuple[float, int]]:
    """(cost, word) of the words that were likeliest meant, best first; words by number.

    Args:
        spelling: the word, folded.
        words: the words of the index.
        limit: how many.
    """
    edits = 1 if len(spelling) < 4 else 2
    places, distances = words.texts.near(spelling, edits, True, 0, len(words))
    places = places[distances > 0]
    if not len(places):
        return []
    costs = edit_costs(spelling, [words[at] for at in places.tolist()])
    costs -= FREQUENT * np.log1p(words.counts[places])
    best = np.lexsort((places, costs))[:limit]
    return list(zip(costs[best].tolist(), places[best].tolist(), strict=True))


def edit_costs(typed: str, meant: Sequence[str]) -> Doubles:
    """What it costs to come from one word to each of others: float64.

    The cheapest way of all: an edit distance with costs (Wagner & Fischer 1974), where two
    neighbours may be exchanged. One table for all the words, a layer each.
    """
    letters = _letters(meant)  # (longest, words)
    exchange = _exchanges()[:, _codes(letters)]
    alone, alone_typed = _lone(letters), _lone(_letters([typed]))[:, 0].tolist()
    rows = [np.concatenate([np.zeros((1, len(meant))), np.cumsum(alone, axis=0)])]
    for i, (char, code) in enumerate(zip(typed, _codes(_letters([typed]))[:, 0], strict=True), 1):
        row = np.empty_like(rows[0])
        row[0] = rows[-1][0] + alone_typed[i - 1]
        swapped = np.where(letters == ord(char), 0.0, exchange[code]) + rows[-1][:-1]
        for j in range(1, len(row)):
            row[j] = np.minimum(rows[-1][j] + alone_typed[i - 1], row[j - 1] + alone[j - 1])
            np.minimum(row[j], swapped[j - 1], out=row[j])
            if i > 1 and j > 1:
                turned = (letters[j - 1] == ord(typed[i - 2])) & (letters[j - 2] == ord(char))
                row[j][turned] = np.minimum(row[j], rows[-2][j - 2] + TURNED)[turned]
        rows.append(row)
    lengths = np.fromiter(map(len, meant), np.int64, len(meant))
    whole: Doubles = rows[-1][lengths, np.arange(len(meant))]
    return whole + np.where(letters[0] != ord(typed[0]), FIRST, 0.0)


def _letters(words: Sequence[str]) -> UInts:
    """The code points of words, a column each, filled up with zeros."""
    longest = max(map(len, words))
    joined = "".join(word.ljust(longest, "\0") for word in words)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.ascontiguousarray(codes.reshape(len(words), longest).T)


def _codes(letters: UInts) -> Array:
    """The rows of letters in the table of exchanges; the last for those without one."""
    known = np.array(_known(), np.uint32)
    at = np.searchsorted(known, letters)
    at[at == len(known)] = 0
    return np.where(known[at] == letters, at, len(known))


def _lone(letters: UInts) -> Doubles:
    """What a letter costs that the other word lacks: little if it doubles another or is weak."""
    costs = np.where(np.isin(letters, [ord(char) for char in _WEAK]), WEAK, 1.0)
    costs[1:][letters[1:] == letters[:-1]] = DOUBLED
    return costs


@cache
def _known() -> list[int]:
    return sorted({ord(char) for pair in _PAIRS | _NEIGHBOURS for char in pair if len(char) == 1})


@cache
def _exchanges() -> Doubles:
    """What it costs to take one letter for another, by their codes."""
    place = {code: at for at, code in enumerate(_known())}
    costs = np.ones((len(place) + 1, len(place) + 1))
    for pairs, cost in ((_NEIGHBOURS, NEIGHBOUR), (_PAIRS, CONFUSION)):
        for pair in pairs:
            if len(pair) == 2 and all(len(char) == 1 for char in pair):
                one, other = (place[ord(char)] for char in pair)
                costs[one, other] = costs[other, one] = cost
    return costs
