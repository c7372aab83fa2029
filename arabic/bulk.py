"""The likeliest stem of each of many words: the whole lexicon in memory, and no objects between.

Gives for every word what `Stemmer.candidates` lists first, and a test holds it to that; the rules
are explained there. What makes it fast: of the entries of a key only the heaviest noun and the
heaviest verb can win; the affixes that a word can have are kept by its first and last letters;
what a core can be is worked out once for all the words that share it. Scores are whole eighths.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

import numpy as np

from . import clitics, plurals, verbs
from .clitics import ANY, NOTHING, NOUN, VERB, Affix
from .lexicon import PAST, Lexicon, Stem
from .root import of_unknown
from .stem import EIGHTHS, LONGEST, OWN, VERB_FORM, repairs, restored, without_article

VERB_COST = int(VERB_FORM * EIGHTHS)
OWN_WEIGHT = int(OWN * EIGHTHS)

PRONOUN = clitics.ENCLITICS["ه"]
REPAIRED = "تاو"
FULL = 1 << 17

Found = TypeVar("Found")

# A score and the number of a stem. Nothing that is found scores as low as nothing.
Choice = tuple[int, int]
NO_CHOICE = (-(1 << 20), -1)

# Affixes as they are tried. Proclitics: length, parts of speech, cost, and whether they are
# definite and end in لل. Enclitics: length, parts of speech, cost. Endings of nouns: length, cost,
# and what may take their place. Endings of verbs: length, whether of the past, of the present.
Before = tuple[int, int, int, bool, bool]
After = tuple[int, int, int]
NounEnding = tuple[int, int, str]
VerbEnding = tuple[int, bool, bool]

# A core, the parts of speech that its proclitics and that all its clitics allow, their cost, and
# what else the core may be when it stands alone.
Cut = tuple[str, int, int, int, str]

LONG = 5
"""Of a word of so many letters, the first four tell what it can begin with, the last three what
it can end with; in shorter ones the affixes must leave some letters."""


def _befores(word: str) -> list[Before]:
    return [
        (len(each.text), each.kinds, _eighths(each), each.definite, each.text.endswith("لل"))
        for each in clitics.proclitics(word)
    ]


def _afters(word: str) -> list[After]:
    return [(len(each.text), each.kinds, _eighths(each)) for each in clitics.enclitics(word)]


def _noun_endings(core: str) -> list[NounEnding]:
    return [
        (len(each.text), _eighths(each), "ه" if len(restored(core, each.text)) > 1 else "")
        for each in clitics.noun_endings(core)
    ]


def _verb_endings(core: str) -> list[VerbEnding]:
    return [
        (len(each), each in verbs.PAST_ENDINGS, each in verbs.PRESENT_ENDINGS)
        for each in verbs.endings(core)
    ]


def _eighths(affix: Affix) -> int:
    return int(affix.cost * EIGHTHS)


class ByLetters(Generic[Found]):
    """A function of a word, remembered by the letters that tell its value when the word is long."""

    def __init__(self, function: Callable[[str], list[Found]], letters: slice) -> None:
        self._function, self._letters = function, letters
        self._known: dict[str, list[Found]] = {}

    def of(self, word: str) -> list[Found]:
        """The value for a word."""
        if len(word) < LONG:
            return self._function(word)
        letters = word[self._letters]
        found = self._known.get(letters)
        if found is None:
            found = self._known[letters] = self._function(word)
        return found


class Table:
    """The lexicon as dictionaries; tens of milliseconds to make.

    Args:
        lexicon: what is known.
        own: words of the user's, which win over the lexicon.

    Attributes:
        words, past, present: the row of each folded word and of each shape of a verb.
        stems: the number of the heaviest stem of each row: of a noun, of a verb, of either.
        scores: its weight, 0 where there is none.
        names: the stems by number.
    """

    def __init__(self, lexicon: Lexicon, own: Mapping[str, Stem]) -> None:
        self.names = lexicon.all_stems()
        self._read_entries(lexicon)
        self._read_keys(lexicon.all_keys())
        if own:
            self._add(own)

    def _read_entries(self, lexicon: Lexicon) -> None:
        sections = zip(lexicon.all_entries(), ("u1", "<u2", "u1"), strict=True)
        fan_outs, ids, weights = (np.frombuffer(data, kind) for data, kind in sections)
        rows = np.repeat(np.arange(len(fan_outs)), fan_outs)
        is_verb = np.array([stem.is_verb for stem in self.names], dtype=bool)[ids]
        self.stems: dict[int, list[int]] = {}
        self.scores: dict[int, list[int]] = {}
        for kinds, wanted in ((NOUN, ~is_verb), (VERB, is_verb), (ANY, is_verb | True)):
            # Of the entries of a row the first is written last, and stays.
            backwards = np.flatnonzero(wanted)[::-1]
            heaviest = np.full(len(fan_outs), -1)
            heaviest[rows[backwards]] = backwards
            self.stems[kinds] = ids[heaviest].tolist()
            self.scores[kinds] = np.where(heaviest < 0, 0, weights[heaviest]).tolist()

    def _read_keys(self, keys: list[str]) -> None:
        past, words = bisect_left(keys, PAST), bisect_left(keys, "\u0621")
        self.present = {key[1:]: row for row, key in enumerate(keys[:past])}
        self.past = {key[1:]: row for row, key in enumerate(keys[past:words], past)}
        self.words = dict(zip(keys[words:], range(words, len(keys)), strict=True))

    def _add(self, own: Mapping[str, Stem]) -> None:
        """Rows and stems of the user's; a stem has the root that the user gives it."""
        roots = {stem.stem: stem.root for stem in own.values()}
        self.names = [Stem(name, roots.get(name, root)) for name, root in self.names]
        for key, stem in own.items():
            self.words[key] = len(self.stems[ANY])
            for kinds in (NOUN, VERB, ANY):
                here = kinds & (VERB if stem.is_verb else NOUN)
                self.scores[kinds].append(OWN_WEIGHT if here else 0)
                self.stems[kinds].append(len(self.names))
            self.names.append(stem)


class Reader:
    """Reads many words by one table, and remembers their cores meanwhile."""

    def __init__(self, table: Table) -> None:
        self._names, self._heaviest = table.names, table.stems[ANY]
        self._words, self._past, self._present = table.words, table.past, table.present
        self._stems, self._scores = table.stems, table.scores
        self._verb_scores = table.scores[VERB]
        self._nouns: dict[str, Choice] = {}
        self._verbs: dict[str, Choice] = {}
        self._plurals: dict[str, Choice] = {}
        self._befores = ByLetters(_befores, slice(4))
        self._afters = ByLetters(_afters, slice(-3, None))
        self._noun_endings = ByLetters(_noun_endings, slice(-3, None))
        self._verb_endings = ByLetters(_verb_endings, slice(-3, None))

    @property
    def is_full(self) -> bool:
        """Whether so many cores are remembered that a new reader should go on."""
        return len(self._verbs) > FULL

    def stem(self, word: str) -> Stem:
        """The likeliest stem of a folded word, with its root."""
        if len(word) <= LONGEST:
            row = self._words.get(word)
            if row is not None:
                return self._names[self._heaviest[row]]
            found = self._definite(word)
            if found < 0:
                cuts = list(self._cuts(word))
                found = self._split(cuts)
                if found < 0:
                    found = self._plural(cuts)
            if found >= 0:
                return self._names[found]
        stem = without_article(word)[1]
        return Stem(stem, of_unknown(stem))

    def _definite(self, word: str) -> int:
        """A noun that is known, after the article."""
        for length, _, _, definite, doubled in self._befores.of(word):
            if definite:
                rest = word[length:]
                keys = [rest, "ل" + rest] if doubled else [rest]
                return self._as_it_stands(keys, NOUN, 0, NO_CHOICE)[1]
        return -1

    def _as_it_stands(self, keys: Iterable[str], kinds: int, cost: int, best: Choice) -> Choice:
        """The best so far, or one of some keys if it scores higher."""
        for key in keys:
            row = self._words.get(key)
            if row is not None:
                score = self._scores[kinds][row]
                if score and score - cost > best[0]:
                    best = score - cost, self._stems[kinds][row]
        return best

    def _cuts(self, word: str) -> list[Cut]:
        """As `stem.cuts`."""
        found: list[Cut] = []
        enclitics = self._afters.of(word)
        for length, kinds, cost, definite, doubled in self._befores.of(word):
            rest = word[length:]
            if len(rest) > 1:
                found.append((rest, kinds, kinds, cost, "ل" + rest if doubled else ""))
                if enclitics and not definite:
                    found += _cut_after(rest, kinds, cost, enclitics)
        return found

    def _split(self, cuts: list[Cut]) -> int:
        """The best of the cores that are known."""
        score, best = NO_CHOICE
        words, nouns, verb_forms = self._words, self._nouns, self._verbs
        for core, _, kinds, cost, other in cuts:
            if kinds and (core in words or other in words):
                for key in (core, other):
                    row = words.get(key, -1)
                    weight = self._scores[kinds][row] if row >= 0 else 0
                    if weight and weight - cost > score:
                        score, best = weight - cost, self._stems[kinds][row]
            if kinds & NOUN and core[-1] in clitics.LAST_OF_ENDING:
                found = nouns.get(core) or self._noun(core)
                if found[0] - cost > score:
                    score, best = found[0] - cost, found[1]
            if kinds & VERB:
                found = verb_forms.get(core) or self._verb(core)
                if found[0] - cost > score:
                    score, best = found[0] - cost, found[1]
        return best

    def _plural(self, cuts: list[Cut]) -> int:
        """The best of the cores that have the pattern of a plural of a noun that is known."""
        best = NO_CHOICE
        for core, kinds, _, cost, _ in cuts:
            if kinds & NOUN:
                found = self._plurals.get(core)
                if found is None:
                    singulars = plurals.singulars(core)
                    found = self._as_it_stands(singulars, NOUN, 0, NO_CHOICE)
                    self._plurals[core] = found
                if found[0] - cost > best[0]:
                    best = found[0] - cost, found[1]
        return best[1]

    def _noun(self, core: str) -> Choice:
        """The best noun that a core is with an ending."""
        score, best = NO_CHOICE
        words, weights = self._words, self._scores[NOUN]
        for length, cost, end in self._noun_endings.of(core):
            bare = core[:-length]
            if bare in words or bare + end in words:
                for key in (bare, bare + end):
                    row = words.get(key)
                    if row is not None and weights[row] and weights[row] - cost > score:
                        score, best = weights[row] - cost, self._stems[NOUN][row]
        choice = self._nouns[core] = score, best
        return choice

    def _verb(self, core: str) -> Choice:
        """The best verb that a core is a form of."""
        score, best = 0, -1
        weights = self._scores[VERB]
        present = core[0] in verbs.PREFIXES
        for length, is_past, is_present in self._verb_endings.of(core):
            end = len(core) - length
            row = self._past.get(core[:end]) if is_past else None
            if row is not None and weights[row] > score:
                score, best = weights[row], row
            row = self._present.get(core[1:end]) if present and is_present else None
            if row is not None and weights[row] > score:
                score, best = weights[row], row
        choice = NO_CHOICE if best < 0 else (score - VERB_COST, self._stems[VERB][best])
        self._verbs[core] = choice
        return choice


def _cut_after(rest: str, kinds: int, cost: int, enclitics: list[After]) -> Iterator[Cut]:
    """What stands before each pronoun; what begins with the article then can only be a verb."""
    agreeing = VERB if rest.startswith("ال") else ANY
    for length, with_kinds, more in enclitics:
        if len(rest) >= length + 2:
            core = rest[:-length]
            other = repairs(core, NOTHING, PRONOUN)[1] if core[-1] in REPAIRED else ""
            yield core, kinds, kinds & with_kinds & agreeing, cost + more, other
