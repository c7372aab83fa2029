"""From a query word to the terms that match it, each with a weight.

A lookup is decided on the vocabulary alone. In each segment it names some groups and, for
the forms of each, a weight: 0 where the form does not match. Scans, counts, phrases and
snippets all start from that.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from .. import arabic
from ..hints import Protocol, TypeVar
from ..index.segment import Segment
from ..index.vocabulary import Place, Vocabulary
from ..records import record, replace
from .ranking import Ranking
from .tree import RUNGS, Rung

WRITTEN, SPELLING, STEM, ROOT = range(len(RUNGS))
RUNG_BYTES = bytes(range(len(RUNGS)))

Forms = TypeVar("Forms", "array[float]", bytearray)

TATWEEL = "\u0640"

READINGS = 8
"""Lemmas that a query word may stand for, at most."""


@record
class Match:
    """A group of a segment's vocabulary that matches a word.

    Attributes:
        group: it.
        weights: float32, of each of the group's forms; 0 where it does not match.
        rungs: of each form the narrowest rung on which it does, by its place in RUNGS; None
            where there is but one.
    """

    group: int
    weights: array[float]
    rungs: bytes | None = None

    def joined(self, other: Match) -> Match:
        """The better of two matches of each form of the same group."""
        rungs = None
        if self.rungs is not None and other.rungs is not None:
            both = zip(self.weights, other.weights, self.rungs, other.rungs, strict=True)
            rungs = bytes(mine if one >= two else theirs for one, two, mine, theirs in both)
        return Match(self.group, array("f", map(max, self.weights, other.weights)), rungs)

    def less(self, share: float) -> Match:
        """The same with its weights multiplied."""
        return replace(self, weights=array("f", [weight * share for weight in self.weights]))


class Matcher(Protocol):
    """A part of a query that matches terms: a word, a pattern, a word and its other names."""

    @property
    def text(self) -> str:
        """The part, as a person would write it."""

    @property
    def rung(self) -> Rung:
        """The widest rung on which it may match."""

    def matches(self, segment: Segment, ranking: Ranking) -> list[Match]:
        """The groups of a segment in which it matches a term."""

    def meets(self, term: arabic.Rungs) -> Rung:
        """The narrowest rung on which it meets a term that matches."""


@record
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
        found: dict[int, Match] = {}
        vocabulary = segment.vocabulary
        for reading in self.readings:
            place = vocabulary.place(reading.root, reading.stem, self.spelling, self.text)
            if place is None:
                continue
            match = self._match(vocabulary, place, ranking, reading.weight)
            held = found.get(place.group)
            found[place.group] = match if held is None else held.joined(match)
        return [match for match in found.values() if any(match.weights)]

    def meets(self, term: arabic.Rungs) -> Rung:
        """The narrowest rung on which a term that matches meets the word."""
        if term.spelling == self.spelling:
            same = letters_of(self.text) == letters_of(term.written)
            alike = same and arabic.compatible(self.text, term.written)
            return "written" if alike else "spelling"
        same = any(term.stem == r.stem and term.root == r.root for r in self.readings)
        return "stem" if same else "root"

    def _match(
        self, vocabulary: Vocabulary, place: Place, ranking: Ranking, weight: float
    ) -> Match:
        """Each form of a group with the narrowest rung on which it meets the word."""
        widest = RUNGS.index(self.rung)
        worth = [w * weight if r <= widest else 0.0 for r, w in enumerate(ranking.weights)]
        spans = (place.written, place.spelling, place.stem, place.root)
        if self.rung != "written" and not arabic.has_marks(self.text):
            weights, rungs = (
                _nested(array("f", worth), spans),
                _nested(bytearray(RUNG_BYTES), spans),
            )
            return Match(place.group, weights, bytes(rungs))
        rungs = _nested(bytearray(RUNG_BYTES), ((0, 0), *spans[1:]))
        clashing = self._judge(vocabulary, place, rungs)
        weights = array("f", map(worth.__getitem__, rungs))
        for form in clashing:
            weights[form] *= ranking.clash
        return Match(place.group, weights, bytes(rungs))

    def _judge(self, vocabulary: Vocabulary, place: Place, rungs: bytearray) -> list[int]:
        """Tell forms of the same spelling apart; return those whose marks contradict."""
        first, _ = vocabulary.group_terms(place.group)
        clashing = []
        for form in range(*place.spelling):
            written = vocabulary.written_form(first + form, self.spelling)
            if not arabic.compatible(self.text, written):
                clashing.append(form)
            elif letters_of(self.text) == letters_of(written):
                rungs[form] = WRITTEN
        return clashing


def _nested(values: Forms, spans: Sequence[tuple[int, int]]) -> Forms:
    """Of each form of a group one of some values: that of the first span that it is in.

    Args:
        values: as many as there are spans.
        spans: each lies inside the next one; the last is the whole group.
    """
    made = values[-1:] * spans[-1][1]
    for rung in range(len(spans) - 2, -1, -1):
        first, end = spans[rung]
        made[first:end] = values[rung : rung + 1] * (end - first)
    return made


def letters_of(word: str) -> str:
    """A word without its marks, tatweel and invisible signs; letters stay as they are written."""
    from unicodedata import category, normalize  # late: few words are asked for with marks

    kept = (char for char in normalize("NFKC", word) if char != TATWEEL)
    return "".join(char for char in kept if category(char) not in ("Mn", "Cf"))


def look_up(text: str, rung: Rung) -> Lookup:
    """Analyse a query word.

    Args:
        text: one word.
        rung: the widest rung on which it may match.
    """
    readings = arabic.readings(text)[: READINGS if RUNGS.index(rung) >= 2 else 1]
    return Lookup(text, rung, arabic.fold(text), readings)


@record
class Synonyms:
    """A word and others that may stand for it. Serves as a `Lookup`.

    Attributes:
        first: the word as typed.
        others: the others.
        share: what an occurrence of another is worth.
    """

    first: Matcher
    others: tuple[Matcher, ...]
    share: float

    @property
    def text(self) -> str:
        """The word as typed."""
        return self.first.text

    @property
    def rung(self) -> Rung:
        """The widest rung on which it may match."""
        return self.first.rung

    def matches(self, segment: Segment, ranking: Ranking) -> list[Match]:
        """The groups of a segment in which one of the words matches a term."""
        found = {match.group: match for match in self.first.matches(segment, ranking)}
        for other in self.others:
            for match in other.matches(segment, ranking):
                less = match.less(self.share)
                held = found.get(match.group)
                found[match.group] = less if held is None else held.joined(less)
        return list(found.values())

    def meets(self, term: arabic.Rungs) -> Rung:
        """The narrowest rung on which a term that matches meets one of the words."""
        return min((x.meets(term) for x in (self.first, *self.others)), key=RUNGS.index)
