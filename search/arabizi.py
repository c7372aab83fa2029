"""Arabic in Latin letters, as people type it in messages: 3arabi, kitab, 7abib, madrasa."""

from __future__ import annotations

import re
from math import log

from rapidfuzz.distance import Levenshtein

from . import automaton
from .patterns import beginning
from .word_list import WordList

_SOUNDS = {
    "3'": "غ", "7'": "خ", "9'": "ض", "6'": "ظ",
    "sh": "ش", "ch": "ش", "th": "ثذت", "dh": "ذضظ", "kh": "خ", "gh": "غ", "ou": "و", "oo": "و",
    "ee": "ي", "aa": "ا", "ii": "ي", "uu": "و", "dj": "ج",
    "2": "ءا", "3": "ع", "4": "ذغ", "5": "خ", "6": "ط", "7": "ح", "8": "قغ", "9": "قص",
    "b": "ب", "p": "ب", "t": "تط", "g": "جغق", "j": "ج", "h": "حه", "d": "دض", "r": "ر", "z": "زظ",
    "s": "سص", "f": "ف", "v": "ف", "q": "ق", "k": "كق", "c": "كس", "l": "ل", "m": "م", "n": "ن",
    "w": "و", "y": "ي", "x": "كس",
}  # fmt: skip
_VOWELS = {"a": "اءعه", "e": "ايه", "i": "يءا", "o": "وء", "u": "وءا", "'": "ءع"}

_CHUNK = re.compile(r"[a-z0-9']{2,24}")
_PARTS = re.compile("|".join(map(re.escape, (*_SOUNDS, *_VOWELS))))
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1")


def candidates(text: str, words: WordList, limit: int) -> list[int]:
    """Words of the index, by number, that Latin letters may stand for, likeliest first."""
    chunk = _DOUBLED.sub(r"\1", text.lower())
    parts = _PARTS.findall(chunk)
    if not _CHUNK.fullmatch(chunk) or "".join(parts) != chunk:
        return []
    machine = automaton.compile(_pattern(parts))
    found: dict[int, str] = {}
    for first in _beginnings(parts):
        places = beginning(words.texts, first)
        texts = words.between(places.start, places.stop)
        found |= {places.start + at: texts[at] for at in machine.accepted(texts)}
    bare, full = _guesses(parts)
    with_article = chunk.startswith(("al", "el"))

    def cost(at: int) -> float:
        spelling = found[at] if with_article else found[at].removeprefix("ال")
        article = 1.0 if spelling != found[at] else 0.0
        far = Levenshtein.distance(spelling, bare) + Levenshtein.distance(spelling, full)
        return far + article - 0.45 * log(1 + int(words.counts[at]))

    return sorted(found, key=lambda at: (cost(at), at))[:limit]


def _pattern(parts: list[str]) -> str:
    """The regular expression of the spellings that the parts may stand for."""
    pieces = ["(ال)?"]
    for at, part in enumerate(parts):
        if (part in _SOUNDS and len(part) == 2 and part[0] == part[1]) or part == "ou":
            pieces.append(f"[{_SOUNDS[part]}]?")
        elif part in _SOUNDS:
            final = at == len(parts) - 1 and part in "ht"
            pieces.append(f"[{_SOUNDS[part]}{'ه' if final else ''}]")
        else:
            pieces.append(f"[{_VOWELS[part]}]?" if at else f"[{_VOWELS[part]}]")
    if parts[-1] in ("a", "e", "i"):
        pieces.append("[اهيء]?")
    return "".join(pieces)


def _beginnings(parts: list[str]) -> list[str]:
    letters = _SOUNDS.get(parts[0]) or _VOWELS[parts[0]]
    return [*sorted(set(letters)), *sorted("ال" + letter for letter in letters)]


def _guesses(parts: list[str]) -> tuple[str, str]:
    """The spelling without short vowels, and with every vowel."""
    long_vowels = {"a": "ا", "e": "ي", "i": "ي", "o": "و", "u": "و", "'": ""}
    bare = "".join(_SOUNDS[part][0] for part in parts if part in _SOUNDS)
    full = "".join(_SOUNDS[part][0] if part in _SOUNDS else long_vowels[part] for part in parts)
    if parts[-1] == "a":
        full = full[:-1] + "ه"
        bare += "ه"
    elif parts[-1] == "i":
        bare += "ي"
    if parts[0] in _VOWELS:
        full = "ا" + full[1:]
        bare = "ا" + bare
    return bare, full
