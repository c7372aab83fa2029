"""Words taken apart: what a dictionary knows of a word, or of what is left of it without affixes.

Knows no language: texts are bytes, and every table of affixes, endings and patterns comes from
whoever makes a `Parser`; so does the alphabet of a `Ladder`.

A dictionary has keys with entries: the number of a stem and a weight, the heaviest first. Stems are
of two kinds, 1 and 2, the second ones having the higher numbers. A parser scores a way to read a
word by the weight of the entry less the costs of what was cut off, in whole numbers.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Any, TypeAlias

from .arrays import U32

LONGEST = 32  # of the words that are taken apart
AFFIX, PATTERN = 8, 16  # the longest of each
ANY = 3  # both kinds
ASKS, FIRST, LAST, BEFORE = 0x100, 0x200, 0x400, 0x800

Buffer: TypeAlias = bytes | memoryview
Before: TypeAlias = tuple[bytes, int, int, bool, bytes]
After: TypeAlias = tuple[bytes, int, int]
Repair: TypeAlias = tuple[bytes, bool, bytes]
Ending: TypeAlias = tuple[int, bytes, bool, bytes, bytes, int, int]
Pattern: TypeAlias = tuple[bytes, Sequence[bytes]]
Cut: TypeAlias = tuple[list[bytes], list[bytes], int]
Guess: TypeAlias = tuple[bytes, int, int]
"""A key, the kinds that may answer, and the cost."""


class Dictionary:
    """Keys and their entries, by a table in memory.

    Args:
        keys: distinct texts, a line feed after each.
        fan_outs: uint8, how many entries each key has, heaviest first.
        stems: the number of the stem of each entry, two bytes, the lower one first.
        weights: uint8, the weight of each entry, from 1.
        border: the first number of a stem of the second kind.
        bonus: added to every weight.
        shift: added to the number of every stem.

    Raises:
        ValueError: the parts are not of one dictionary.
    """

    def __init__(
        self,
        keys: Buffer,
        fan_outs: Buffer,
        stems: Buffer,
        weights: Buffer,
        border: int,
        bonus: int = 0,
        shift: int = 0,
    ) -> None:
        texts = bytes(keys).split(b"\n")
        whole = texts.pop() == b"" and len(texts) == len(fan_outs)
        if not whole or not len(stems) // 2 == len(weights) == sum(fan_outs) or len(stems) % 2:
            raise ValueError("the parts are not of one dictionary")
        numbers = [low | high << 8 for low, high in zip(stems[::2], stems[1::2], strict=True)]
        self._rows: dict[bytes, dict[int, tuple[int, int]]] = {}
        self._entries: dict[bytes, list[tuple[int, int]]] = {}
        at = 0
        for text, fan_out in zip(texts, fan_outs, strict=True):
            row = self._rows[text] = {}
            for entry in range(at, at + fan_out):
                found = weights[entry] + bonus, numbers[entry] + shift
                row.setdefault(ANY, found)
                row.setdefault(1 + (numbers[entry] >= border), found)
                self._entries.setdefault(text, []).append(found[::-1])
            at += fan_out

    def __len__(self) -> int:
        return len(self._rows)

    def entries(self, key: bytes) -> list[tuple[int, int]]:
        """The (stem, weight) of every entry of a key; none for an unknown one."""
        return self._entries.get(key, [])

    def _row(self, key: bytes) -> dict[int, tuple[int, int]] | None:
        """The (weight, stem) of the heaviest entry of each kind of a key, and of any kind."""
        return self._rows.get(key)


class Parser:
    """Finds the likeliest stem of a word.

    A word that is a key stands for the heaviest of its stems. Else, each step where the one before
    found nothing: (1) for a stem of kind 1 after a closed affix; (2) for the best of all ways to
    cut an affix before it and one after it; (3) for the best of those with a core of a pattern.

    Args:
        dictionaries: the first that has a key answers.
        befores: (text, kinds, cost, closed, absorbed), shorter ones first, the empty one among
            them: what can stand before a core of some kinds. After a closed one nothing is cut at
            the end, and `absorbed` is a letter that it may have taken from the core, or nothing.
        afters: (text, kinds, cost), shorter ones first: what can stand after a core.
        repairs: (letter, cut, added): where a core before an affix ends in a letter, that is cut
            or not, and another added, to make another core.
        barred: a core that begins so, before an affix, is of kind 2 alone.
        endings: (kind, sign, prefixed, text, added, least, cost), in the order of preference: what
            a core of a kind can end with, for a key of the sign, the core without it and what is
            added, or nothing; `prefixed` if the core's first letter, one of `prefixes`, is
            cut as well. The least is how many letters stay after the ending is cut.
        prefixes: letters.
        patterns: (pattern, shapes): bytes that a core is compared with, 0 for any; and what it
            may be made of instead, bytes under 16 being places in it.

    Raises:
        ValueError: an affix is longer than 8, a pattern longer than 16.
    """

    def __init__(
        self,
        dictionaries: Sequence[Dictionary],
        befores: Sequence[Before],
        afters: Sequence[After],
        repairs: Sequence[Repair],
        barred: bytes,
        endings: Sequence[Ending],
        prefixes: bytes,
        patterns: Sequence[Pattern],
    ) -> None:
        self._dictionaries = tuple(dictionaries)
        self._befores, self._afters = list(befores), list(afters)
        self._repairs = {letter: (cut, added) for letter, cut, added in repairs}
        self._barred, self._prefixes = barred, prefixes
        self._endings, self._patterns = list(endings), list(patterns)
        self._check()

    def _check(self) -> None:
        affixes = [self._barred, *(each[3] for each in self._endings)]
        affixes += [each[0] for each in self._befores] + [each[0] for each in self._afters]
        texts = [text for pattern, shapes in self._patterns for text in (pattern, *shapes)]
        if max(map(len, affixes)) > AFFIX or max(map(len, texts), default=0) > PATTERN:
            raise ValueError("an affix or a pattern is too long")
        for pattern, shapes in self._patterns:
            if any(len(pattern) <= c < PATTERN for shape in shapes for c in shape):
                raise ValueError("a shape takes letters that its pattern has not")

    def best(self, word: bytes) -> int:
        """The number of the likeliest stem of a word, or -1."""
        if 0 < len(word) <= LONGEST:
            for ways in (self._whole, self._closed, self._cut, self._by_pattern):
                best = -(1 << 30), -1
                for guess in ways(word):
                    found = self._look_up(*guess)
                    if found[0] > best[0]:
                        best = found
                if best[1] >= 0:
                    return best[1]
        return -1

    def _look_up(self, key: bytes, kinds: int, cost: int) -> tuple[int, int]:
        for dictionary in self._dictionaries:
            row = dictionary._row(key)
            if row is not None:
                if kinds not in row:
                    break
                weight, stem = row[kinds]
                return weight - cost, stem
        return -(1 << 30), -1

    def _whole(self, word: bytes) -> Iterator[Guess]:
        yield word, ANY, 0

    def _closed(self, word: bytes) -> Iterator[Guess]:
        for text, _, cost, closed, absorbed in self._befores:
            if closed and word.startswith(text) and len(word) > len(text):
                rest = word[len(text) :]
                yield from ((key, 1, cost) for key in _with(absorbed, rest))

    def _cuts(self, word: bytes) -> Iterator[tuple[bytes, Before, After]]:
        for before in self._befores:
            rest = word[len(before[0]) :]
            if len(rest) > 1 and word.startswith(before[0]):
                yield rest, before, (b"", ANY, 0)
                if not before[3]:
                    for after in self._afters:
                        size = len(rest) - len(after[0])
                        if size > 1 and rest.endswith(after[0]):
                            yield rest[:size], before, after

    def _cut(self, word: bytes) -> Iterator[Guess]:
        for core, (_, kinds, cost, _, absorbed), (text, with_kinds, more) in self._cuts(word):
            kinds &= with_kinds
            if text and self._barred and core.startswith(self._barred):
                kinds &= 2
            if kinds:
                keys = _with(absorbed, core)
                if text and core[-1:] in self._repairs:
                    cut, added = self._repairs[core[-1:]]
                    keys.append((core[:-1] if cut else core) + added)
                yield from ((key, kinds, cost + more) for key in keys)
                yield from self._ended(core, kinds, cost + more)

    def _ended(self, core: bytes, kinds: int, cost: int) -> Iterator[Guess]:
        for kind, sign, prefixed, text, added, least, more in self._endings:
            rest = core[: len(core) - len(text)]
            if kinds & kind and len(rest) >= least and core.endswith(text):
                if not prefixed:
                    yield sign + rest + added, kind, cost + more
                elif core[0] in self._prefixes:
                    yield sign + rest[1:] + added, kind, cost + more

    def _by_pattern(self, word: bytes) -> Iterator[Guess]:
        for core, (_, kinds, cost, _, _), (_, _, more) in self._cuts(word):
            if kinds & 1:
                for pattern, shapes in self._patterns:
                    if _fits(pattern, core):
                        for shape in shapes:
                            key = bytes(core[c] if c < PATTERN else c for c in shape)
                            yield key, 1, cost + more


def _with(absorbed: bytes, core: bytes) -> list[bytes]:
    return [core, absorbed + core] if absorbed else [core]


def _fits(pattern: bytes, core: bytes) -> bool:
    if len(pattern) != len(core):
        return False
    return all(letter in (0, here) for letter, here in zip(pattern, core, strict=True))


class Ladder:
    """Brings words to tuples of four texts: as written, its letters, its stem, its stem's root.

    Args:
        parser: knows the stems.
        base: the first of 256 characters that a word can have. Letters are bytes: the first 96
            characters as letters are 0xA0 and on.
        alphabet: a number for each of the characters. Its lowest byte is the letter that the
            character stands for, or 0 if it is dropped. The bits above say which words are
            none of the ladder's: those that have the character at all (0x100), or first
            (0x200), or as their last letter (0x400), or before one that is dropped (0x800).
        names: the stem and the root of each number that the parser gives, each of at most 256
            letters and a line feed.
        more: the (stem, root) of the numbers after these.
        cut: (befores, afters, least), of a word that the parser knows nothing of. Its stem is
            the word without the first of `befores` that it begins with and that leaves so many
            letters; its root the stem without the first of `afters` that it ends with, or the
            stem where that leaves too few. Each is of at most 8 letters.
        other: the tuple of a word that is none of the ladder's: it has other characters, or
            none, or one that says so, or over 32 letters.
        make: the class of the tuples, a tuple itself.
    """

    def __init__(
        self,
        parser: Parser,
        base: int,
        alphabet: Sequence[int],
        names: Buffer,
        more: Iterable[tuple[str, str]],
        cut: Cut,
        other: Callable[[str], Any],
        make: type[Any],
    ) -> None:
        if len(alphabet) != 256:
            raise ValueError("a ladder takes an alphabet of 256 numbers")
        self._parser, self._base, self._alphabet = parser, base, list(alphabet)
        texts = bytes(names).split(b"\n")
        if texts.pop() or len(texts) % 2:
            raise ValueError("a name is a stem and a root, each with a line feed")
        decoded = iter([self._text(text) for text in texts])
        self._names = [*zip(decoded, decoded, strict=True), *more]
        self._befores, self._afters, self._least = cut
        if any(len(text) > AFFIX for text in (*self._befores, *self._afters)):
            raise ValueError(f"an affix is longer than {AFFIX}")
        self._other, self._make = other, make

    def climb(self, word: str) -> Any:
        """The tuple of a word."""
        letters = self._fold(word) if type(word) is str else None
        if letters is None:
            return self._other(word)
        stem, root = self._named(letters)
        return tuple.__new__(self._make, (word, self._text(letters), stem, root))

    def climb_all(self, words: Sequence[str]) -> list[Any]:
        """The tuples of some words, in their order."""
        return [self.climb(word) for word in words]

    def stem(self, spelling: str) -> tuple[str, str] | None:
        """The (stem, root) of a word that is letters of the alphabet alone; else None."""
        codes = [ord(char) - self._base for char in spelling]
        if not 0 < len(codes) <= LONGEST or not all(0x20 <= code < 0x60 for code in codes):
            return None
        return self._named(bytes(code + 0xA0 for code in codes))

    def keys(self, codes: U32, edges: U32) -> tuple[bytes, memoryview]:
        """The tuples of some words as keys: the last text first, in UTF-8, NUL between.

        Args:
            codes: the code points of the words, one word after another.
            edges: where each begins, and the end.

        Returns:
            Their bytes one after another, and where each begins in them, and the end, uint32.
        """
        ends = edges.tolist()
        if not ends or ends[0] or ends[-1] != len(codes) or any(a > b for a, b in pairwise(ends)):
            raise ValueError("code points and their edges do not fit")
        words = ["".join(map(chr, codes[a:b].tolist())) for a, b in pairwise(ends)]
        keys = ["\0".join(reversed(self.climb(word))).encode() for word in words]
        sizes = array("I", accumulate(map(len, keys), initial=0))
        return b"".join(keys), memoryview(sizes)

    def _named(self, letters: bytes) -> tuple[str, str]:
        """The stem and the root of a word's letters."""
        number = self._parser.best(letters)
        return self._cut(letters) if number < 0 else self._names[number]

    def _cut(self, letters: bytes) -> tuple[str, str]:
        """The stem and the root of a word that the parser knows nothing of."""
        room = len(letters) - self._least
        fitting = (b for b in self._befores if letters.startswith(b) and len(b) <= room)
        stem = letters[len(next(fitting, b"")) :]
        after = next((each for each in self._afters if stem.endswith(each)), b"")
        root = stem[: len(stem) - len(after)]
        return self._text(stem), self._text(root if len(root) >= self._least else stem)

    def _fold(self, word: str) -> bytes | None:
        """The letters of a word; None if it is none of the ladder's."""
        codes = [ord(char) - self._base for char in word]
        if not all(0 <= code < 256 for code in codes):
            return None
        rows = [self._alphabet[code] for code in codes]
        kept = [row for row in rows if row & 0xFF]
        if not 0 < len(kept) <= LONGEST or kept[0] & FIRST or kept[-1] & LAST:
            return None
        clash = any(a & BEFORE and not b & 0xFF for a, b in pairwise(rows))
        return None if clash or any(row & ASKS for row in rows) else bytes(r & 0xFF for r in kept)

    def _text(self, letters: bytes) -> str:
        return "".join(chr(letter - 0xA0 + self._base) for letter in letters)
