"""Words typed with the keyboard in the other language: hg;jhf for الكتاب, اثممخ for hello."""

from __future__ import annotations

_ROWS = (
    ("`qwertyuiop[]", "ذضصثقفغعهخحجد"),
    ("asdfghjkl;'", "شسيبلاتنمكط"),
    ("zxcvnm,./", "ئءؤرىةوزظ"),
    ("QWERTYUIOP{}", "\u064e\u064b\u064f\u064cﻹإ‘÷×؛<>"),
    ('ASDFGHJKL:"', '\u0650\u064d][لأ\u0640،/:"'),
    ("ZXCVBNM<>?~", "~\u0652}{ﻵآ’,.؟\u0651"),
)

TO_ARABIC = {
    latin: arabic for keys, letters in _ROWS for latin, arabic in zip(keys, letters, strict=True)
}
TO_ARABIC |= {"b": "لا", "T": "لإ", "G": "لأ", "B": "لآ"}
"""What each key of an English keyboard types on an Arabic one (Microsoft's Arabic 101)."""

TO_LATIN = {arabic: latin for latin, arabic in reversed(TO_ARABIC.items())}


def as_arabic(text: str) -> str:
    """A text with each Latin key replaced by the Arabic letter on it."""
    return "".join(TO_ARABIC.get(char, char) for char in text)


def as_latin(text: str) -> str:
    """A text with each Arabic letter replaced by the Latin key that types it."""
    for ligature in ("لا", "لإ", "لأ", "لآ"):
        text = text.replace(ligature, TO_LATIN[ligature])
    return "".join(TO_LATIN.get(char, char) for char in text)
