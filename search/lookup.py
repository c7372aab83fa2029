"""From a query word to the terms that match it, each with a weight.

A lookup is decided on the vocabulary alone. In each segment it names some groups and, for
the forms of each, a weight: 0 where the form does not match. Scans, counts, phrases and
snippets all start from that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .. import arabic
from ..index.dtypes import Floats
from ..index.segment import Segment
from ..index.vocabulary import Place, Vocabulary
from .ranking import Ranking
from .tree import RUNGS, Rung


@dataclass(frozen=True, slots=True)
class Match:
    """A group of a segment's vocabulary that matches a word.

    Attributes:
        group: it.
        weights: float32, of each of the group's forms.
    """

    group: int
    weights: Floats


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a query word stands for.

    Attributes:
        text: the word as typed.
        rung: the widest rung on which it may match.
        readings: (stem, root, weight) of its plausible lemmas, likeliest first.
    """

    text: str
    rung: Rung
    spelling: str
    readings: tuple[arabic.Reading, ...]

    def matches(self, segment: Segment, ranking: Ranking) -> list[Match]:
        """The groups of a segment in which the word matches a term."""
        found: dict[int, Floats] = {}
        vocabulary = segment.vocabulary
        for reading in self.readings:
            place = vocabulary.place(reading.root, reading.stem, self.spelling, self.text)
            if place is None:
                continue
            weights = self._weights(vocabulary, place, ranking) * np.float32(reading.weight)
            held = found.get(place.group)
            found[place.group] = weights if held is None else np.maximum(held, weights)
        return [Match(group, weights) for group, weights in found.items() if weights.any()]

    def meets(self, term: arabic.Rungs) -> Rung:
        """The narrowest rung on which a term that matches meets the word."""
        if term.spelling == self.spelling:
            same = term.written == self.text or arabic.compatible(self.text, term.written)
            return "written" if same else "spelling"
        same = any(term.stem == r.stem and term.root == r.root for r in self.readings)
        return "stem" if same else "root"

    def _weights(self, vocabulary: Vocabulary, place: Place, ranking: Ranking) -> Floats:
        """The weight of each form by the narrowest rung on which it meets the word."""
        widest = RUNGS.index(self.rung)
        weights = np.zeros(place.root[1], np.float32)
        if widest >= 3:
            weights[:] = ranking.root
        if widest >= 2:
            weights[slice(*place.stem)] = ranking.stem
        if place.spelling[0] == place.spelling[1]:
            return weights
        marked = arabic.has_marks(self.text)
        if widest >= 1:
            weights[slice(*place.spelling)] = ranking.spelling * (ranking.clash if marked else 1)
        if not marked and widest >= 1:
            weights[slice(*place.written)] = ranking.written
            return weights
        first, _ = vocabulary.group_terms(place.group)
        for form in range(*place.spelling):
            written = vocabulary.written_form(first + form, self.spelling)
            if arabic.compatible(self.text, written):
                weights[form] = ranking.written
        return weights


def look_up(text: str, rung: Rung) -> Lookup:
    """Analyse a query word.

    Args:
        text: one word.
        rung: the widest rung on which it may match.
    """
    readings = arabic.readings(text)
    if RUNGS.index(rung) < 2:
        readings = readings[:1]
    return Lookup(text, rung, arabic.rungs(text).spelling, readings)
