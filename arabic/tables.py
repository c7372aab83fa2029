"""The rules of `stem.py` as tables for `kernels.Parser`, and a ladder that reads words by them.

The rules are explained there, and a test holds both ways to the same stems. The kernels know
letters by their ISO 8859-6 bytes and count in whole eighths.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product

from .. import kernels
from . import clitics, plurals, spelling, verbs
from .clitics import NOTHING, NOUN, VERB, Affix
from .lexicon import ENCODING, PAST, PRESENT, SEPARATOR, Lexicon, Stem
from .root import LEAST, LOAN_ENDINGS
from .stem import ARTICLES, EIGHTHS, OWN, REPAIRS, VERB_FORM, restored

ARABIC = 0x600
FIRST_LETTER, LAST_LETTER = 0xC1, 0xF2
ASKS, FIRST, LAST, BEFORE = 0x100, 0x200, 0x400, 0x800

BATCH = 1 << 16

Rungs = tuple[str, str, str, str]


def ladder(
    lexicon: Lexicon,
    own: Mapping[str, Stem],
    other: Callable[[str], Rungs],
    make: type[Rungs],
) -> kernels.Ladder:
    """What brings words to their rungs, at full speed; milliseconds to make.

    Args:
        lexicon: what is known.
        own: words of the user's, which win over the lexicon.
        other: the rungs of words that the ladder leaves aside: of other scripts, with Quranic
            signs, and the like.
        make: the class of its answers.
    """
    words = sorted((word for word in own if _can_be_key(word)), key=lambda word: own[word].is_verb)
    parser = kernels.Parser(
        [*_own_dictionaries(words, own, lexicon.stem_count), lexicon.dictionary],
        _befores(),
        [
            (_bytes(each.text), each.kinds, _eighths(each.cost))
            for each in _by_length(clitics.ENCLITICS.values())
        ],
        [(_bytes(last), cut, _bytes(added)) for last, (cut, added) in REPAIRS.items()],
        _bytes("ال"),
        [*_noun_endings(), *_verb_endings()],
        _bytes("".join(sorted(verbs.PREFIXES))),
        list(_patterns()),
    )
    names = _names(lexicon, [own[word] for word in words])
    cut = [_bytes(text) for text in ARTICLES], [_bytes(text) for text in LOAN_ENDINGS], LEAST
    return kernels.Ladder(parser, ARABIC, _alphabet(), *names, cut, other, make)


def _names(lexicon: Lexicon, own: list[Stem]) -> tuple[memoryview | bytes, list[Stem]]:
    """The stems of the lexicon, then the user's, whose roots win."""
    if not own:
        return lexicon.stem_texts(), []
    roots = {stem.stem: stem.root for stem in own}
    known = [Stem(stem, roots.get(stem, root)) for stem, root in lexicon.all_stems()]
    return b"", known + own


def _bytes(text: str) -> bytes:
    return text.encode(ENCODING)


def _eighths(cost: float) -> int:
    return int(cost * EIGHTHS)


def _can_be_key(word: str) -> bool:
    return all(FIRST_LETTER <= byte <= LAST_LETTER for byte in word.encode(ENCODING, "replace"))


def _own_dictionaries(
    words: list[str], own: Mapping[str, Stem], shift: int
) -> Iterator[kernels.Dictionary]:
    """The user's words, each with its stem, that of its place in the list."""
    bonus = _eighths(OWN) - 1
    for start in range(0, len(words), BATCH):
        batch = words[start : start + BATCH]
        yield kernels.Dictionary(
            b"".join(_bytes(word) + SEPARATOR for word in batch),
            bytes([1]) * len(batch),
            b"".join(number.to_bytes(2, "little") for number in range(len(batch))),
            bytes([1]) * len(batch),
            sum(not own[word].is_verb for word in batch),
            bonus,
            shift + start,
        )


def _by_length(affixes: Iterable[Affix]) -> list[Affix]:
    return sorted(affixes, key=lambda affix: len(affix.text))


def _befores() -> list[tuple[bytes, int, int, bool, bytes]]:
    return [
        (
            _bytes(each.text),
            each.kinds,
            _eighths(each.cost),
            each.definite,
            _bytes("ل" if each.text.endswith("لل") else ""),
        )
        for each in _by_length([NOTHING, *clitics.PROCLITICS.values()])
    ]


EndingRow = tuple[int, bytes, bool, bytes, bytes, int, int]


def _noun_endings() -> Iterator[EndingRow]:
    for each in _by_length(clitics.NOUN_ENDINGS.values()):
        for key in restored(each.text, each.text):
            yield NOUN, b"", False, _bytes(each.text), _bytes(key), 2, _eighths(each.cost)


def _verb_endings() -> Iterator[EndingRow]:
    cost = _eighths(VERB_FORM)
    tenses = (PAST, False, verbs.PAST_ENDINGS, 1), (PRESENT, True, verbs.PRESENT_ENDINGS, 2)
    for text, (sign, prefixed, endings, least) in product(sorted(verbs.ENDINGS, key=len), tenses):
        if text in endings:
            yield VERB, _bytes(sign), prefixed, _bytes(text), b"", least, cost


def _patterns() -> Iterator[tuple[bytes, list[bytes]]]:
    for letters, shapes in plurals.patterns():
        yield (
            b"".join(b"\0" if letter == "." else _bytes(letter) for letter in letters),
            [b"".join(bytes([c]) if isinstance(c, int) else _bytes(c) for c in s) for s in shapes],
        )


def _alphabet() -> list[int]:
    """What the ladder makes of U+0600 to U+06FF, as `spelling.fold` would."""
    numbers = [_letter(chr(code)) for code in range(ARABIC, ARABIC + 256)]
    for char, bits in (("ء", FIRST | BEFORE), ("ؤ", FIRST), ("ئ", FIRST | LAST)):
        numbers[ord(char) - ARABIC] |= bits
    return numbers


def _letter(char: str) -> int:
    folded = spelling.fold_character(char)
    if char in spelling.SIGNS:
        return ASKS
    if not folded:
        return 0
    return folded.encode(ENCODING)[0] if len(folded) == 1 and _can_be_key(folded) else ASKS
