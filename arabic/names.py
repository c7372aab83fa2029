"""Names that are written in more than one way.

عبدالله and عبد الله; أبو, أبا and أبي by case; ابن and بن.
"""

KUNYA = ("ابو", "ابا", "ابي")
SON = ("ابن", "بن")

Phrase = tuple[str, ...]


def pair(first: str, second: str) -> tuple[Phrase, ...]:
    """Other ways to write a name of two folded words; none if it is not such a name."""
    if first == "عبد" and second.startswith("ال") and len(second) > 3:
        return ((first + second,),)
    if first in KUNYA and len(second) > 2:
        others = tuple((form, second) for form in KUNYA if form != first)
        return (*others, *((form + second,) for form in KUNYA[:1]))
    return ()


def single(word: str) -> tuple[Phrase, ...]:
    """Other ways to write a name of one folded word: عبدالله is عبد الله."""
    if word.startswith("عبدال") and len(word) > 6:
        return ((word[:3], word[3:]),)
    if word == "ابوظبي":
        return tuple((form, "ظبي") for form in KUNYA)
    return ()


def son(word: str) -> tuple[Phrase, ...]:
    """The other form of ابن between two names."""
    return tuple((form,) for form in SON if form != word) if word in SON else ()
