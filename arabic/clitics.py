"""Light stemming on folded words: the article and the endings that are safe to cut.

After Larkey, Ballesteros and Connell, "Light stemming for Arabic information retrieval" (2007),
light10; for words that no lexicon knows.
"""

_PREFIXES = ("وبال", "وكال", "فبال", "وال", "بال", "كال", "فال", "ولل", "فلل", "لل", "ال")
_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def light(word: str) -> str:
    """The word without its article and one or two endings."""
    prefix = next((p for p in _PREFIXES if word.startswith(p) and len(word) > len(p) + 2), "")
    stem = word[len(prefix) :]
    if not prefix and word[0] == "و" and len(word) > 4:
        stem = word[1:]
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) > len(suffix) + 2:
            stem = stem[: -len(suffix)]
    return stem
