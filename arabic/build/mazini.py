"""What a conjugator knows: the shapes that a verb takes between its endings.

From `mazini` (a port of Wiktionary's Arabic conjugator, with the 24,188 verbs of the statistical
tables of Marwan al-Bawwab and Yahya Mir Alam, CC BY 4.0). Each verb has a few shapes: قال قل
in the past, قول قل قال in the present. A verb form is then an ending, a shape and, in
the present, one of the four prefixes.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import mazini
from mazini.lexicon import attested_wazns, lexicon_roots

from ..lexicon import PAST, PRESENT
from ..spelling import fold

# Slots that show every shape of a verb, with the ending that each of them carries.
PAST_SLOTS = {"3ms": "", "3fs": "ت", "3mp": "وا", "3fp": "ن"}
PRESENT_SLOTS = {"3ms": "", "3md": "ان", "3mp": "ون", "3fp": "ن"}


NOUN_SLOTS = ("ap", "pp", "vn")
UNKNOWN = "?"


class Verb(NamedTuple):
    """A verb.

    Attributes:
        lemma: vocalised.
        root: its root.
        shapes: its folded shapes, as keys of the lexicon.
        nouns: its participles and verbal nouns, vocalised, without optional marks.
    """

    lemma: str
    root: str
    shapes: frozenset[str]
    nouns: frozenset[str]


def plain(lemma: str) -> str:
    """A vocalised lemma without the marks that dictionaries write or leave out at will."""
    lemma = re.sub("^ا[\u064e-\u0650]", "ا", unicodedata.normalize("NFC", lemma))
    return re.sub("\u0652|\u064e(?=[اى])|(?<=ا)\u064e|\u0650(?=ي)|\u064f(?=و)", "", lemma)


def _shapes(slots: dict[str, list[mazini.Form]], tense: str, endings: dict[str, str]) -> set[str]:
    """The folded forms of a tense, cut of their endings."""
    return {
        fold(form.form).removesuffix(fold(ending))
        for slot, ending in endings.items()
        for form in slots.get(f"{tense}_{slot}", [])
    }


def _verb(root: str, wazn: str) -> Verb:
    conjugation = mazini.conjugate(root, wazn)
    slots = conjugation.slots
    past = _shapes(slots, "past", PAST_SLOTS) | _shapes(slots, "past_pass", PAST_SLOTS)
    present = {
        form[1:]
        for tense in ("ind", "ind_pass", "juss")
        for form in _shapes(slots, tense, PRESENT_SLOTS)
    }
    shapes = {PAST + shape for shape in past} | {PRESENT + shape for shape in present}
    nouns = {plain(form.form) for slot in NOUN_SLOTS for form in slots.get(slot, [])} - {UNKNOWN}
    return Verb(conjugation.lemma[0].form, root, frozenset(shapes), frozenset(nouns))


@cache
def verbs() -> tuple[Verb, ...]:
    """Every attested verb."""
    return tuple(_all_verbs())


def _all_verbs() -> Iterator[Verb]:
    for root in lexicon_roots():
        for wazn in attested_wazns(root):
            yield _verb(root, wazn)
