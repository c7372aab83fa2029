"""Presentation forms: the drawn shapes of letters, put back to the letters themselves.

Old encodings and many PDF files store ﻣ where م is meant, and one sign for لا.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
FORMS: Final = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")


def without_surrogates(text: str) -> str:
    """Return the text with U+FFFD for lone surrogates, which no file can store; pairs joined."""
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def spell_out(text: str) -> str:
    """Return the text with each presentation form as the letters it draws."""
    return FORMS.sub(lambda match: _letters(match.group()), text)


@cache
def _letters(form: str) -> str:
    # A mark on its own (ﹽ) decomposes to a space or tatweel and the mark; the mark is meant.
    letters = unicodedata.normalize("NFKC", form)
    marks = letters.lstrip(" ـ")
    return marks if marks and unicodedata.combining(marks[0]) else letters


def misfits(alphabet: str) -> NDArray[np.bool_]:
    """Return `[first, second]`: whether the second character cannot follow the shape of the first.

    A shape that reaches on needs a letter after it, one that ends a word must have none; so
    CP864, which has shapes, is told from ISO-8859-6, which has the letters at the same codes.
    """
    reaches = np.array([_shape(char) in ("INITIAL", "MEDIAL") for char in alphabet])
    ends = np.array([_shape(char) == "FINAL" for char in alphabet])
    letters = np.array([unicodedata.category(char) == "Lo" for char in alphabet])
    joins = letters | np.array([char in "ـ\u0651\ufe7d" for char in alphabet])
    misfit: NDArray[np.bool_] = (reaches[:, None] & ~joins) | (ends[:, None] & letters)
    return misfit


def _shape(char: str) -> str:
    """Return INITIAL, MEDIAL, FINAL or ISOLATED, or "" for what is no shape of its own.

    The end shape of a letter that joins on both sides counts as FINAL also where it is
    called isolated: CP864 has one code for both.
    """
    if not FORMS.match(char):
        return ""
    letter = spell_out(char)[-1:]
    shape = unicodedata.name(char, "").replace(" FORM", "").rpartition(" ")[2]
    if shape in ("FINAL", "ISOLATED"):
        return "ISOLATED" if letter in "ءآأؤإاةدذرزوىلا" else "FINAL"
    return shape
