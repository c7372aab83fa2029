"""How much a string looks like text: a bigram model of Arabic and of what stands beside it.

Characters fall into a few dozen classes (each Arabic letter its own; marks, digits, Latin
letters with and without accents, punctuation, rarities together). The model is the log
probability of one class after another, counted in `sample.SAMPLE` and smoothed. It tells
encodings apart, text from noise, and the order letters were written in: an Arabic word read
backwards is far less likely than forwards.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .sample import SAMPLE

LETTERS: Final = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"

# The classes after the letters, and how likely each is where the sample has never seen it.
_OTHERS: Final = {
    "lam-alef": 1e-3,
    "shadda": 3e-3,
    "mark": 3e-3,
    "tatweel": 1e-3,
    "foreign arabic letter": 3e-4,
    "arabic digit": 3e-3,
    "arabic punctuation": 3e-3,
    "space": 0.1,
    "digit": 3e-3,
    "latin": 0.05,
    "capital": 0.01,
    "accented": 1e-3,
    "accented capital": 2e-4,
    "punctuation": 0.01,
    "typographic": 1e-3,
    "symbol": 1e-4,
    "other letter": 3e-5,
    "odd": 1e-5,
    "bad": 1e-8,
}
_CLASS: Final = {name: number for number, name in enumerate((*LETTERS, *_OTHERS))}
_COUNT: Final = len(_CLASS)

Classes = NDArray[np.uint8]
Matrix = NDArray[np.float64]


def classes_of(text: str) -> Classes:
    """Return the class of each character; those beyond the basic plane are "odd"."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    classes: Classes = _table()[np.minimum(codes, 0xFFFF)]
    return classes


def score(text: str) -> float:
    """Return the mean log probability of a character after another, spaces set aside.

    Ordinary Arabic is about -2.5, read backwards below -4, noise below -6.
    """
    classes = classes_of(text)
    if len(classes) < 2:
        return 0.0
    return float(log_odds()[classes[:-1], classes[1:]].mean())


@cache
def log_odds() -> Matrix:
    """Return the model: `[first class, second class]` → natural log of the probability."""
    classes = classes_of(SAMPLE)
    counts = np.zeros((_COUNT, _COUNT))
    np.add.at(counts, (classes[:-1], classes[1:]), 1)
    prior = np.full(_COUNT, 2e-3)
    prior[len(LETTERS) :] = list(_OTHERS.values())
    often = counts.sum(axis=0)
    seen = often >= 20
    prior[seen] = np.maximum(prior[seen], often[seen] / often.sum())
    weight = 5.0
    model = np.log((counts + weight * prior) / (counts.sum(axis=1, keepdims=True) + weight))
    return _with_ligature(model)


def _with_ligature(model: Matrix) -> Matrix:
    """Let lam-alef be entered as a lam and left as an alef."""
    ligature, lam, alef = _CLASS["lam-alef"], _CLASS["ل"], _CLASS["ا"]
    model[ligature] = model[alef]
    model[:, ligature] = model[:, lam]
    return model


@cache
def _table() -> Classes:
    """Return the class of each character of the basic plane."""
    table = np.full(0x10000, _CLASS["odd"], dtype=np.uint8)
    for code in (*range(0x2600), *range(0xFB50, 0xFF00), 0xFFFD):
        table[code] = _CLASS[_class_name(chr(code))]
    return table


def _class_name(char: str) -> str:
    code = ord(char)
    if code < 0x80:
        return _ascii_class(char)
    if code >= 0xFB50:
        return _form_class(char)
    if 0x0600 <= code < 0x0700:
        return _arabic_class(char)
    return _other_class(char)


def _ascii_class(char: str) -> str:
    if char in " \t\r\n\f":
        return "space"
    if char.isdigit():
        return "digit"
    if char.isalpha():
        return "latin" if char.islower() else "capital"
    return "punctuation" if char.isprintable() else "bad"


def _arabic_class(char: str) -> str:
    if char in LETTERS:
        return char
    if char.isdigit():
        return "arabic digit"
    if unicodedata.category(char) == "Mn":
        return "shadda" if char == "\u0651" else "mark"
    if char in "،؛؟٪":
        return "arabic punctuation"
    if char == "ـ":
        return "tatweel"
    return "foreign arabic letter" if char in "پچژڤگکیےھہں" else "odd"


def _form_class(char: str) -> str:
    """Return the class of a presentation form: that of its letter."""
    plain = unicodedata.normalize("NFKC", char).strip()
    if char == "\ufffd" or not plain:
        return "bad" if char == "\ufffd" else "odd"
    if len(plain) == 2 and plain[0] == "ل" and plain[1] in "اأإآ":
        return "lam-alef"
    return _arabic_class(plain) if len(plain) == 1 and "\u0600" <= plain < "\u0700" else "odd"


def _other_class(char: str) -> str:
    code, category = ord(char), unicodedata.category(char)
    if category in ("Cc", "Cn", "Cs", "Co"):
        return "bad"
    if char in "«»–—‘’“”…•\xa0":
        return "typographic"
    if 0xC0 <= code < 0x180 and category[0] == "L":
        return "accented" if category == "Ll" else "accented capital"
    if category[0] == "L":
        return "other letter"
    return "symbol" if code < 0x100 or 0x2010 <= code < 0x2030 else "odd"
