"""Broken plurals by pattern, for words that no dictionary lists.

Wright, A Grammar of the Arabic Language, I §§ 304-305: each pattern of a plural with the
patterns of the singulars that form it. A singular counts only if the lexicon knows it.
Digits stand for the letters of the plural that are neither long nor added, in their order.
"""

import functools
import re
from collections.abc import Iterator

_ROWS = """
(.)(.)ا(.)ي(.)     123و4 123ا4 123ي4 123و4ه 123ي4ه 123ا4ه
(.)وا(.)ي(.)       1ا2و3 1ا2ي3
(.)(.)ا(.)(.)ه     12344 123ا4 123ي4 123و4 1234 1234ي
(.)وا(.)(.)        1ا23 1ا23ه
(.)(.)اء(.)        12ي3 12ي3ه 12ا3ه 12و3ه 12ي3 12ا3 12و3
(.)(.)ا(.)(.)      1234 1234ه
(.)(.)ا(.)ي        123ي 123يه 123ا 123ي
(.)(.)اي(?:ا|ه)     12يه 12ي
ا(.)(.)ا(.)        123 123ه 1ا23 12ي3
او(.)ا(.)          و12
ا(.)وا(.)          1ا2 1و2 1و2ه
ا(.)يا(.)          1ي2 1ا2
ا(.)(.)اء          12و 12ي 12ا
ا(.)(.)(.)ه        12ا3 12ي3 12و3
ا(.)(.)ه           12ا2 12ي2
ا(.)(.)(.)         123
(.)(.)و(.)         123 1ا23 123ه
(.)يو(.)           1ي2
(.)(.)(.)اء        12ي3 1ا23
ا(.)(.)(.)اء       12ي3
ا(.)(.)اء          12ي2 12ي
(.)(.)ا(.)         123 123ه 12ي3 1ا23
(.)يا(.)           1و2 1ا2
(.)(.)(.)ان        123 12ي3 12ا3 1ا23
(.)ي(.)ان          1ا2 1و2 12
(.)(.)(.)ي         12ي3
(.)(.)اه           1ا2ي
(.)(.)(.)ه         1ا23
(.)(.)(.)          12ا3 12ي3 12و3 12ي3ه 123ه
"""


Shapes = list[tuple[str | int, ...]]

_SKELETON = dict.fromkeys(map(ord, "بتثجحخدذرزسشصضطظعغفقكلم"), ".")


@functools.cache
def _patterns() -> list[tuple[re.Pattern[str], list[str]]]:
    """Each pattern of a plural with those of its singulars."""
    rows = (row.split() for row in _ROWS.strip().splitlines())
    return [(re.compile(pattern), shapes) for pattern, *shapes in rows]


@functools.lru_cache(maxsize=1 << 12)
def _shapes(skeleton: str) -> Shapes:
    """The singulars of a plural: letters to be written, or to be taken from a place in it."""
    found: Shapes = []
    for pattern, shapes in _patterns():
        match = pattern.fullmatch(skeleton)
        if match:
            places = [match.start(group) for group in range(len(match.groups()) + 1)]
            found += [tuple(places[int(c)] if c.isdigit() else c for c in s) for s in shapes]
    return found


def singulars(word: str) -> Iterator[str]:
    """What a folded word would be the plural of, by its pattern alone.

    The letters that patterns name are few; words alike but for the others have the same ones.
    """
    for shape in _shapes(word.translate(_SKELETON)):
        yield "".join([word[c] if isinstance(c, int) else c for c in shape])
