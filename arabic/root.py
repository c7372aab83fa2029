"""Roots of words that no dictionary gives one: names, loans and the unknown."""

# Longer ones first.
_LOAN_ENDINGS = ("ءيه", "ءي", "يا", "يه", "ي", "ا", "ه")


def of_unknown(stem: str) -> str:
    """What stands for the root of a name or a loan: the word without an ending of relation.

    So that تكنولوجيا، تكنولوجي and فلسطين، فلسطيني meet on the root rung.
    """
    bare = stem.rstrip("\u064e")
    ending = next(filter(bare.endswith, _LOAN_ENDINGS), "")
    bare = bare[: len(bare) - len(ending)]
    return bare if len(bare) >= 3 else stem
