"""Verb forms taken apart: prefix, shape, ending.

The lexicon knows the shapes of each verb; a form of the present is one of the letters يتنا, a shape
of the present and an ending, a form of the past a shape and an ending. Weak and doubled verbs
need no rules of their own, since each of their shapes is listed.
"""

from .lexicon import PAST, PRESENT

PREFIXES = frozenset("يتنا")
PRESENT_ENDINGS = frozenset(("", "ون", "وا", "ان", "ين", "ن", "ا", "ي", "و"))
PAST_ENDINGS = frozenset(("", "ت", "وا", "نا", "تم", "ا", "ن", "تا", "و", "تما", "تن", "تمو"))
ENDINGS = PAST_ENDINGS | PRESENT_ENDINGS
_LAST = frozenset(ending[-1] for ending in ENDINGS if ending)


def endings(core: str) -> tuple[str, ...]:
    """What a core can end with as a verb form of either tense, shortest first."""
    if core[-1] not in _LAST:
        return ("",)
    longest = min(3, len(core) - 1)
    found = (core[len(core) - length :] for length in range(longest + 1))
    return tuple(ending for ending in found if ending in ENDINGS)


def shapes(core: str) -> list[tuple[str, str, str]]:
    """(lexicon key, prefix, ending) for each way to read a core as a verb form."""
    found = []
    present = core[0] in PREFIXES
    for ending in endings(core):
        cut = len(core) - len(ending)
        if ending in PAST_ENDINGS:
            found.append((PAST + core[:cut], "", ending))
        if present and cut > 1 and ending in PRESENT_ENDINGS:
            found.append((PRESENT + core[1:cut], core[0], ending))
    return found
