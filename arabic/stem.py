"""The stem rung: which lemma a folded word is a form of.

1. A word that stands in the lexicon is what it stood for most often in the corpus.
2. Else it is split in all ways that leave a core which the lexicon knows (`clitics.py`, `verbs.py`);
   the best is the one whose lemma is commonest, less the costs of what was cut off.
3. Else it stays whole, but for the article and what comes before it, when three letters stay:
   the safe part of Larkey's light10. Names and loans are most of what gets here.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from . import clitics, plurals, verbs
from .clitics import NOTHING, NOUN, VERB, Affix
from .lexicon import Lexicon, Stem
from .root import of_unknown

EIGHTHS = 8.0
OWN = 64.0


class Candidate(NamedTuple):
    """One way to read a word; the score is log2 of how likely it is, up to a constant."""

    score: float
    stem: str
    root: str
    core: str
    proclitic: str = ""
    prefix: str = ""
    ending: str = ""
    enclitic: str = ""
    rule: str = "lexicon"


ARTICLES = ("وبال", "فبال", "وكال", "فكال", "وال", "فال", "بال", "كال", "ولل", "فلل", "لل", "ال")
LONGEST = 32


class Stemmer:
    """Reads words by a lexicon.

    Args:
        lexicon: what is known.
        own: words of the user's, which win over the lexicon.
    """

    def __init__(self, lexicon: Lexicon, own: Mapping[str, Stem] | None = None) -> None:
        self.lexicon = lexicon
        self._own = own or {}
        self._own_roots = {stem.stem: stem.root for stem in self._own.values()}

    def best(self, word: str) -> Stem:
        """The likeliest stem of a folded word, with its root."""
        if not self._own:
            rank = self.lexicon.rank(word) if len(word) <= LONGEST else None
            if rank is not None:
                return self.lexicon.first(rank)
        found = self.candidates(word)[0]
        return Stem(found.stem, found.root)

    def candidates(self, word: str) -> list[Candidate]:
        """The ways to read a folded word, likeliest first; never none."""
        for ways in (self._whole, self._definite, self._splits, self._plurals):
            found = list(ways(word))
            if found:
                return sorted(found, key=lambda candidate: -candidate.score)
        return [self._light(word)]

    def _look_up(self, key: str) -> list[tuple[Stem, float]]:
        """The stems that a key stands for, with log2 of their counts."""
        if key in self._own:
            return [(self._own[key], OWN)]
        rank = self.lexicon.rank(key)
        if rank is None:
            return []
        found = [(self.lexicon.stem(e.stem), e.weight / EIGHTHS) for e in self.lexicon.entries(rank)]
        if not self._own:
            return found
        return [(Stem(s.stem, self._own_roots.get(s.stem, s.root)), n) for s, n in found]

    def _whole(self, word: str) -> Iterator[Candidate]:
        """The readings of a word that the lexicon has as it is."""
        if len(word) <= LONGEST:
            for stem, score in self._look_up(word):
                yield Candidate(score, *stem, word)

    def _definite(self, word: str) -> Iterator[Candidate]:
        """A noun that the lexicon has, after the article: no other split is as certain."""
        if len(word) > LONGEST:
            return
        for before in clitics.proclitics(word):
            if before.definite:
                split = {"proclitic": before.text, "rule": "split"}
                for key in repairs(word[len(before.text) :], before, NOTHING):
                    yield from self._known(key, NOUN, before.cost, split)

    def _splits(self, word: str) -> Iterator[Candidate]:
        """Every split whose core the lexicon knows."""
        for core, before, after in self._cuts(word):
            yield from self._cores(core, before, after)

    def _plurals(self, word: str) -> Iterator[Candidate]:
        """Every split whose core has the pattern of a broken plural of a noun that is known."""
        for core, before, after in self._cuts(word):
            if before.kinds & NOUN:
                cost = before.cost + after.cost
                split = {"proclitic": before.text, "enclitic": after.text, "rule": "plural"}
                for key in plurals.singulars(core):
                    yield from self._known(key, NOUN, cost, split)

    def _cuts(self, word: str) -> Iterator[tuple[str, Affix, Affix]]:
        """(core, proclitics, enclitic) in every way; a definite noun takes no pronoun."""
        if len(word) > LONGEST:
            return
        for before in clitics.proclitics(word):
            rest = word[len(before.text) :]
            yield rest, before, NOTHING
            if not before.definite:
                for after in clitics.enclitics(rest):
                    yield rest[: len(rest) - len(after.text)], before, after

    def _cores(self, core: str, before: Affix, after: Affix) -> Iterator[Candidate]:
        """The readings of what is left between the clitics."""
        kinds = before.kinds & after.kinds
        if after.text and core.startswith("ال"):
            kinds &= VERB
        cost = before.cost + after.cost
        split = {"proclitic": before.text, "enclitic": after.text, "rule": "split"}
        for key in repairs(core, before, after):
            yield from self._known(key, kinds, cost, split)
        if kinds & NOUN:
            for ending in noun_endings(core):
                for key in restored(core, ending.text):
                    yield from self._known(
                        key, NOUN, cost + ending.cost, {**split, "ending": ending.text}
                    )
        if kinds & VERB:
            for key, prefix, ending_text in verbs.shapes(core):
                yield from self._known(
                    key, VERB, cost + 1.0, {**split, "prefix": prefix, "ending": ending_text}
                )

    def _known(
        self, key: str, kinds: int, cost: float, split: dict[str, str]
    ) -> Iterator[Candidate]:
        for stem, score in self._look_up(key):
            if kinds & (VERB if stem.is_verb else NOUN):
                yield Candidate(score - cost, *stem, key, **split)

    def _light(self, word: str) -> Candidate:
        """A word that nothing is known of, without its article."""
        article = next((a for a in ARTICLES if word.startswith(a) and len(word) >= len(a) + 3), "")
        stem = word[len(article) :]
        return Candidate(0.0, stem, of_unknown(stem), stem, proclitic=article, rule="light")


def repairs(core: str, before: Affix, after: Affix) -> Iterator[str]:
    """A core as it would stand without its clitics: مدرست(ه) مدرسة, مستوا(ه) مستوى, لل(يل) ليل."""
    if len(core) < 2:
        return
    yield core
    if before.text.endswith("لل"):
        yield "ل" + core
    if after.text:
        if core[-1] == "ت":
            yield core[:-1] + "ه"
        elif core[-1] == "ا":
            yield core[:-1] + "ي"
        elif core[-1] == "و":
            yield core + "ا"


def noun_endings(core: str) -> Iterator[Affix]:
    """The endings that a noun core can be cut of."""
    for length in range(1, min(3, len(core) - 2) + 1):
        ending = clitics.NOUN_ENDINGS.get(core[-length:])
        if ending:
            yield ending


def restored(core: str, ending: str) -> Iterator[str]:
    """A noun without an ending, with what the ending displaced: سيار(ات) سيارة."""
    bare = core[: len(core) - len(ending)]
    if len(bare) > 1:
        yield bare
        if ending[0] in "ات":
            yield bare + "ه"
