"""Roots of words that no dictionary gives one: names, loans and the unknown."""

LOAN_ENDINGS = ("ءيه", "ءي", "يا", "يه", "ي", "ا", "ه")
"""Longer ones first."""

LEAST = 3
"""Letters that stay of a word when something is cut off it."""


def of_unknown(stem: str) -> str:
    """What stands for the root of a name or a loan: the word without an ending of relation.

    So that تكنولوجيا، تكنولوجي and فلسطين، فلسطيني meet on the root rung.
    """
    bare = stem.rstrip("\u064e")
    ending = next(filter(bare.endswith, LOAN_ENDINGS), "")
    bare = bare[: len(bare) - len(ending)]
    return bare if len(bare) >= LEAST else stem
