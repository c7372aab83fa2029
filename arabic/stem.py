"""The stem rung: which lemma a folded word is a form of.

1. A word that stands in the lexicon is what it stood for most often in the corpus.
2. Else it is split in all ways that leave a core which the lexicon knows (`clitics.py`, `verbs.py`);
   the best is the one whose lemma is commonest, less the costs of what was cut off.
3. Else it stays whole, but for the article and what comes before it, when three letters stay:
   the safe part of Larkey's light10. Names and loans are most of what gets here.
"""

from collections.abc import Iterator
from typing import NamedTuple

from . import clitics, verbs
from .clitics import NOUN, VERB, Affix
from .lexicon import Lexicon
from .root import of_unknown

EIGHTHS = 8.0
NOTHING = Affix("", clitics.ANY, 0.0)


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
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def candidates(self, word: str) -> list[Candidate]:
        """The ways to read a folded word, likeliest first; never none."""
        found = self._whole(word) or sorted(self._splits(word), reverse=True)
        return found or [self._light(word)]

    def _whole(self, word: str) -> list[Candidate]:
        """The readings of a word that the lexicon has as it is."""
        rank = self.lexicon.rank(word)
        if rank is None:
            return []
        return [
            Candidate(weight / EIGHTHS, *self.lexicon.stem(number), word)
            for number, weight in self.lexicon.entries(rank)
        ]

    def _splits(self, word: str) -> Iterator[Candidate]:
        """Every split whose core the lexicon knows."""
        if len(word) > LONGEST:
            return
        for before in clitics.proclitics(word):
            rest = word[len(before.text) :]
            for after in clitics.enclitics(rest):
                core = rest[: len(rest) - len(after.text)]
                yield from self._cores(core, before, after)

    def _cores(self, core: str, before: Affix, after: Affix) -> Iterator[Candidate]:
        """The readings of what is left between the clitics."""
        kinds = before.kinds & after.kinds
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
        rank = self.lexicon.rank(key)
        if rank is None:
            return
        for number, weight in self.lexicon.entries(rank):
            stem = self.lexicon.stem(number)
            if kinds & (VERB if stem.is_verb else NOUN):
                yield Candidate(weight / EIGHTHS - cost, *stem, key, **split)

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
