"""What can stand before and after the core of an Arabic word, and what it costs to say so.

A word is proclitics, core, enclitic: وبكتابهم is و + ب + كتاب + هم. A cost is in units of log2:
how many times likelier a reading must be to be preferred to one without the affix. The sets
are those of the grammars and of Buckwalter's and AlKhalil's tables; which of them may meet is
the agreement of parts of speech: a preposition or the article makes a noun of what follows, the
س of the future a verb.
"""

from ..records import NamedTuple

NOUN, VERB = 1, 2
ANY = NOUN | VERB


class Affix(NamedTuple):
    """A string that may be cut off a word: what it can be cut from, and at what cost."""

    text: str
    kinds: int
    cost: float

    @property
    def definite(self) -> bool:
        """Whether this is or ends in the article."""
        return self.text.endswith(("ال", "لل"))


NOTHING = Affix("", ANY, 0.0)

_CONJUNCTIONS = {"": 0.0, "و": 1.0, "ف": 2.0}
_BEFORE = {
    "": NOTHING,
    "ال": Affix("ال", NOUN, 0.5),
    "ب": Affix("ب", NOUN, 2.0),
    "بال": Affix("بال", NOUN, 1.0),
    "ك": Affix("ك", NOUN, 4.0),
    "كال": Affix("كال", NOUN, 2.0),
    "ل": Affix("ل", ANY, 2.0),
    "لل": Affix("لل", NOUN, 1.0),
    "س": Affix("س", VERB, 1.0),
}

PROCLITICS = {
    joined + text: Affix(joined + text, affix.kinds, affix.cost + cost)
    for joined, cost in _CONJUNCTIONS.items()
    for text, affix in _BEFORE.items()
    if joined + text
}
# The vocative that Uthmani writing joins to its word: يأيها.
PROCLITICS["يا"] = Affix("يا", NOUN, 9.0)

ENCLITICS = {
    "ه": Affix("ه", ANY, 2.0),
    "ها": Affix("ها", ANY, 1.0),
    "هم": Affix("هم", ANY, 1.0),
    "هن": Affix("هن", ANY, 2.0),
    "هما": Affix("هما", ANY, 1.0),
    "ك": Affix("ك", ANY, 4.0),
    "كم": Affix("كم", ANY, 2.0),
    "كن": Affix("كن", ANY, 4.0),
    "كما": Affix("كما", ANY, 2.0),
    "نا": Affix("نا", ANY, 2.0),
    "ي": Affix("ي", NOUN, 3.0),
    "ني": Affix("ني", VERB, 1.0),
}

# Endings of number, gender and case that a noun core may still carry.
NOUN_ENDINGS = {
    "ات": Affix("ات", NOUN, 1.0),
    "ون": Affix("ون", NOUN, 1.0),
    "ين": Affix("ين", NOUN, 1.0),
    "ان": Affix("ان", NOUN, 2.0),
    "تان": Affix("تان", NOUN, 1.0),
    "تين": Affix("تين", NOUN, 1.0),
    "ه": Affix("ه", NOUN, 1.0),
    "ا": Affix("ا", NOUN, 2.0),
    "ي": Affix("ي", NOUN, 3.0),
    "و": Affix("و", NOUN, 3.0),
    "تا": Affix("تا", NOUN, 3.0),
    "تي": Affix("تي", NOUN, 3.0),
}


_FIRST = frozenset(text[0] for text in PROCLITICS)
_LAST_OF_PRONOUN = frozenset(text[-1] for text in ENCLITICS)
LAST_OF_ENDING = frozenset(text[-1] for text in NOUN_ENDINGS)


def proclitics(word: str) -> list[Affix]:
    """The proclitic stacks that a word can begin with, the empty one first."""
    found = [NOTHING]
    if word[0] in _FIRST:
        for length in range(1, min(4, len(word) - 1) + 1):
            affix = PROCLITICS.get(word[:length])
            if affix:
                found.append(affix)
    return found


def _suffixes(word: str, table: dict[str, Affix], last: frozenset[str]) -> list[Affix]:
    """The affixes of a table that a word can end with, when two letters stay."""
    if word[-1] not in last:
        return []
    found = (table.get(word[-length:]) for length in range(1, min(3, len(word) - 2) + 1))
    return [affix for affix in found if affix]


def enclitics(word: str) -> list[Affix]:
    """The pronouns that a word can end with."""
    return _suffixes(word, ENCLITICS, _LAST_OF_PRONOUN)


def noun_endings(core: str) -> list[Affix]:
    """The endings that a noun core can be cut of."""
    return _suffixes(core, NOUN_ENDINGS, LAST_OF_ENDING)
