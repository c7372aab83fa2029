"""Words of the index that a misspelled word may have meant.

Candidates are the words at most two edits away (Damerau 1964, with neighbours exchanged as
one edit); they are ordered by what the edits cost, for letters that are often confused cost
less, and by frequency.
"""

from __future__ import annotations

from itertools import pairwise
from math import log

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

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


def candidates(spelling: str, words: WordList, limit: int) -> list[tuple[float, str]]:
    """(cost, word) of the words that were likeliest meant, best first.

    Args:
        spelling: the word, folded.
        words: the words of the index.
        limit: how many.
    """
    edits = 1 if len(spelling) < 4 else 2
    near = np.flatnonzero(np.abs(words.lengths - len(spelling)) <= edits)
    texts = [words.texts[at] for at in near.tolist()]
    if not texts:
        return []
    found = process.cdist(
        [spelling], texts, scorer=OSA.distance, score_cutoff=edits, dtype=np.int32
    )[0]
    out = []
    for at in np.flatnonzero((found > 0) & (found <= edits)).tolist():
        count = int(words.counts[near[at]])
        cost = edit_cost(spelling, texts[at]) - 0.13 * log(1 + count)
        out.append((cost, texts[at]))
    return sorted(out)[:limit]


def edit_cost(typed: str, meant: str) -> float:
    """What it costs to come from one word to another."""
    rows = [[0.0] * (len(meant) + 1) for _ in range(len(typed) + 1)]
    for i in range(len(typed) + 1):
        for j in range(len(meant) + 1):
            if i or j:
                rows[i][j] = _cheapest(rows, typed, meant, i, j)
    first = 0.3 if typed[:1] != meant[:1] else 0.0
    return rows[-1][-1] + first


def _cheapest(rows: list[list[float]], typed: str, meant: str, i: int, j: int) -> float:
    ways = []
    if i:
        ways.append(rows[i - 1][j] + _lone(typed, i - 1))
    if j:
        ways.append(rows[i][j - 1] + _lone(meant, j - 1))
    if i and j:
        ways.append(rows[i - 1][j - 1] + _exchange(typed[i - 1], meant[j - 1]))
    if i > 1 and j > 1 and typed[i - 2 : i] == meant[j - 2 : j][::-1]:
        ways.append(rows[i - 2][j - 2] + 0.7)
    return min(ways)


def _lone(word: str, at: int) -> float:
    """A letter that the other word lacks: cheap if it doubles its neighbour or is weak."""
    if at and word[at] == word[at - 1]:
        return 0.5
    return 0.8 if word[at] in _WEAK else 1.0


def _exchange(one: str, other: str) -> float:
    if one == other:
        return 0.0
    pair = frozenset((one, other))
    return 0.4 if pair in _PAIRS else 0.8 if pair in _NEIGHBOURS else 1.0
