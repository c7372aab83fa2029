"""The stem rung: which lemma a folded word is a form of.

1. A word that stands in the lexicon is what it stood for most often in the corpus.
2. Else a noun that the lexicon knows, after the article.
3. Else the word is split in all ways that leave a core which the lexicon knows (`clitics.py`,
   `verbs.py`); the best is the one whose lemma is commonest, less the costs of what was cut off.
4. Else its core may have the pattern of a broken plural (`plurals.py`) of a noun that is known.
5. Else it stays whole, but for the article and what comes before it, when three letters stay:
   the safe part of Larkey's light10. Names and loans are most of what gets here.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping

from ..records import NamedTuple
from . import clitics, verbs
from .clitics import NOTHING, NOUN, VERB, Affix
from .lexicon import Lexicon, Stem
from .root import LEAST, of_unknown

EIGHTHS = 8.0
OWN = 64.0
VERB_FORM = 1.0
LONGEST = 32

# What may have stood at the end of a core before a pronoun, by its last letter: whether that is
# cut, and what is added. مدرست(ه) مدرسة, مستوا(ه) مستوى, كتبو(ه) كتبوا.
REPAIRS = {"ت": (True, "ه"), "ا": (True, "ي"), "و": (False, "ا")}

ARTICLES = ("وبال", "فبال", "وكال", "فكال", "وال", "فال", "بال", "كال", "ولل", "فلل", "لل", "ال")


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


# A lexicon key to look up, the parts of speech that may answer, the cost; a verb's prefix; the
# ending of a noun or verb.
Guess = tuple[str, int, float, str, str]


class Stemmer:
    """Reads words by a lexicon.

    Args:
        lexicon: what is known.
        own: words of the user's, which win over the lexicon.
    """

    def __init__(self, lexicon: Lexicon, own: Mapping[str, Stem] | None = None) -> None:
        self.lexicon = lexicon
        self._own = own or {}
        self._entries = functools.lru_cache(maxsize=1 << 12)(lexicon.entries)
        self._stem = functools.lru_cache(maxsize=1 << 12)(lexicon.stem)
        self._own_roots = {stem.stem: stem.root for stem in self._own.values()}

    def candidates(self, word: str) -> list[Candidate]:
        """The ways to read a folded word, likeliest first; never none."""
        if len(word) <= LONGEST:
            for ways in (self._whole, self._definite, self._splits, self._plurals):
                found = ways(word)
                if found:
                    return sorted(found, key=lambda candidate: -candidate.score)
        return [light(word)]

    def _look_up(self, key: str) -> list[tuple[Stem, float]]:
        """The stems that a key stands for, with log2 of their counts."""
        if key in self._own:
            return [(self._own[key], OWN)]
        found = [(self._stem(e.stem), e.weight / EIGHTHS) for e in self._entries(key)]
        if not self._own:
            return found
        return [(Stem(s.stem, self._own_roots.get(s.stem, s.root)), n) for s, n in found]

    def _known(
        self, guesses: Iterable[Guess], before: Affix, after: Affix, rule: str
    ) -> Iterator[Candidate]:
        """The readings among guesses at the core between two clitics."""
        clitic_cost = before.cost + after.cost
        for key, kinds, cost, prefix, ending in guesses:
            for stem, score in self._look_up(key):
                if kinds & (VERB if stem.is_verb else NOUN):
                    score -= clitic_cost + cost
                    affixes = before.text, prefix, ending, after.text
                    yield Candidate(score, *stem, key, *affixes, rule)

    def _whole(self, word: str) -> list[Candidate]:
        """The readings of a word that the lexicon has as it is."""
        return [Candidate(score, *stem, word) for stem, score in self._look_up(word)]

    def _definite(self, word: str) -> list[Candidate]:
        """A noun that the lexicon has, after the article: no other split is as certain."""
        found: list[Candidate] = []
        for before in clitics.proclitics(word):
            if before.definite:
                keys = repairs(word[len(before.text) :], before, NOTHING)
                guesses = [(key, NOUN, 0.0, "", "") for key in keys]
                found += self._known(guesses, before, NOTHING, "split")
        return found

    def _splits(self, word: str) -> list[Candidate]:
        """Every split whose core the lexicon knows."""
        found: list[Candidate] = []
        for core, before, after in cuts(word):
            guesses = guesses_at(core, before, after)
            found += self._known(guesses, before, after, "split")
        return found

    def _plurals(self, word: str) -> list[Candidate]:
        """Every split whose core has the pattern of a broken plural of a noun that is known."""
        from . import plurals  # late: most words are known

        found: list[Candidate] = []
        for core, before, after in cuts(word):
            if before.kinds & NOUN:
                guesses = [(key, NOUN, 0.0, "", "") for key in plurals.singulars(core)]
                found += self._known(guesses, before, after, "plural")
        return found


def cuts(word: str) -> Iterator[tuple[str, Affix, Affix]]:
    """(core, proclitics, enclitic) in every way; a definite noun takes no pronoun."""
    for before in clitics.proclitics(word):
        rest = word[len(before.text) :]
        if len(rest) > 1:
            yield rest, before, NOTHING
            if not before.definite:
                for after in clitics.enclitics(rest):
                    yield rest[: len(rest) - len(after.text)], before, after


def guesses_at(core: str, before: Affix, after: Affix) -> list[Guess]:
    """What a core can be: a word as it stands, a noun with an ending, a form of a verb."""
    kinds = before.kinds & after.kinds
    if after.text and core.startswith("ال"):
        kinds &= VERB
    found = [(key, kinds, 0.0, "", "") for key in repairs(core, before, after)]
    if kinds & NOUN:
        for ending in clitics.noun_endings(core):
            keys = restored(core, ending.text)
            found += [(key, NOUN, ending.cost, "", ending.text) for key in keys]
    if kinds & VERB:
        for key, prefix, verb_ending in verbs.shapes(core):
            found.append((key, VERB, VERB_FORM, prefix, verb_ending))
    return found


def repairs(core: str, before: Affix, after: Affix) -> list[str]:
    """A core as it would stand without its clitics: مدرست(ه) مدرسة, مستوا(ه) مستوى, لل(يل) ليل."""
    found = [core]
    if before.text.endswith("لل"):
        found.append("ل" + core)
    if after.text and core[-1] in REPAIRS:
        cut, added = REPAIRS[core[-1]]
        found.append((core[:-1] if cut else core) + added)
    return found


def restored(core: str, ending: str) -> list[str]:
    """A noun without an ending, with what the ending displaced: سيار(ات) سيارة."""
    bare = core[: len(core) - len(ending)]
    return [bare, bare + "ه"] if ending[0] in "ات" else [bare]


def without_article(word: str) -> tuple[str, str]:
    """(what stands before, the rest) of a word that nothing is known of."""
    if word.startswith(ARTICLES):
        for article in ARTICLES:
            if word.startswith(article) and len(word) >= len(article) + LEAST:
                return article, word[len(article) :]
    return "", word


def light(word: str) -> Candidate:
    """A word that nothing is known of, without its article."""
    article, stem = without_article(word)
    return Candidate(0.0, stem, of_unknown(stem), stem, proclitic=article, rule="light")
