"""Roots of words that no dictionary gives one: names, loans and the unknown."""

import re

_LOAN_ENDING = re.compile("(?:ائيه?|ءيه?|يا|يه|ي|ا|ه)$")


def of_unknown(stem: str) -> str:
    """What stands for the root of a name or a loan: the word without an ending of relation.

    So that تكنولوجيا، تكنولوجي and فلسطين، فلسطيني meet on the root rung.
    """
    bare = _LOAN_ENDING.sub("", stem.rstrip("\u064e"))
    return bare if len(bare) >= 3 else stem
