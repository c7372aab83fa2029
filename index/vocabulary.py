"""The vocabulary of a segment: the order as four sorted levels.

A term is a distinct written form. Terms are sorted by the key

    root ␀ stem ␀ spelling ␀ written

so the terms that share a rung are neighbours. The key is stored as a tree: the roots, in
order; the stems of each root; the spellings of each stem; the written forms of each
spelling. Where a string equals its parent's it is stored empty. A root with all that is
under it is a *group*; a term's place inside its group is its *form*. Postings are grouped
the same way, so a rung of a word is a range of forms of one group.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import compress, pairwise

from .. import kernels
from ..arabic import Rungs
from ..errors import DamagedError
from ..hints import TYPE_CHECKING, NoReturn
from ..records import NamedTuple
from ..storage import ColumnFile
from .dtypes import Array, UInts, np
from .packed import Packed, write_packed
from .strings import StringColumn, Texts, write_strings

if TYPE_CHECKING:
    from ..storage import ColumnWriter

BATCH = 1 << 12
"""Words that are analysed together: their rungs are many objects, while keys are few bytes."""

LEVELS = ("roots", "stems", "spellings", "written")


class Place(NamedTuple):
    """Where a word stands in a vocabulary: its group, and its ranges of forms.

    A range is `(first, end)`; it is empty where the word does not occur on that rung.
    Each range lies inside the one before.
    """

    group: int
    root: tuple[int, int]
    stem: tuple[int, int]
    spelling: tuple[int, int]
    written: tuple[int, int]


class Order(NamedTuple):
    """Words sorted into terms.

    Attributes:
        ranked: the words' numbers in term order.
        groups, forms: of each word, its group and its form; 0 where it is not used.
        levels: the strings of each level, packed; empty where they equal their parent's.
        children: of each level but the last, where each string's children begin, and the end.
    """

    ranked: UInts
    groups: UInts
    forms: UInts
    levels: list[Texts]
    children: list[UInts]

    @property
    def firsts(self) -> UInts:
        """The first term of every group, and the number of terms."""
        return firsts_of(self.children)


def sort_terms(rungs: Iterable[Rungs]) -> Order:
    """Sort distinct words into terms."""
    keys = kernels.Keys()
    keys.extend(rungs)
    return Order(*keys.sort())


def firsts_of(children: Sequence[UInts]) -> UInts:
    """The first term of every group, and the number of terms, by the children of all levels."""
    return children[2][children[1][children[0]]]


def write_vocabulary(
    out: ColumnWriter, levels: Sequence[Texts], children: Sequence[UInts]
) -> dict[str, int]:
    """Write a vocabulary; the arguments are those of `Order`.

    Returns:
        How many strings each level has, for the segment's meta.
    """
    for i, name in enumerate(LEVELS):
        write_strings(out, f"vocabulary.{name}", levels[i])
        if i < 3:
            write_packed(out, f"vocabulary.{name}.children", children[i])
    return {name: len(edges) - 1 for name, (_, edges) in zip(LEVELS, levels, strict=True)}


class Vocabulary:
    """The vocabulary of an open segment.

    Args:
        file: the segment's file.
        counts: what `write_vocabulary` returned.
    """

    def __init__(self, file: ColumnFile, counts: dict[str, int]) -> None:
        self._file = file
        self.groups = counts["roots"]
        self.terms = counts["written"]
        self.roots, self.stems, self.spellings, self.written = (
            StringColumn(file, f"vocabulary.{name}", counts[name]) for name in LEVELS
        )
        self._stems_of, self._spellings_of, self._written_of = (
            Packed(file, f"vocabulary.{name}.children", counts[name] + 1, counts[below] + 1)
            for name, below in pairwise(LEVELS)
        )

    def place(self, root: str, stem: str, spelling: str, written: str) -> Place | None:
        """Where a word stands, or None if no term has its root."""
        group = self.roots.find(root.encode())
        if group < 0:
            return None
        stems = self._children(self._stems_of, group)
        whole = self._terms_under(stems)
        none = (0, 0)
        at = self.stems.find_among(stem.encode(), root.encode(), *stems)
        if at < 0:
            return Place(group, self._local(whole, whole), none, none, none)
        spellings = self._children(self._spellings_of, at)
        under_stem = self._local(whole, self._terms_of_spellings(spellings))
        at = self.spellings.find_among(spelling.encode(), stem.encode(), *spellings)
        if at < 0:
            return Place(group, self._local(whole, whole), under_stem, none, none)
        forms = self._children(self._written_of, at)
        under_spelling = self._local(whole, forms)
        at = self.written.find_among(written.encode(), spelling.encode(), *forms)
        exact = none if at < 0 else self._local(whole, (at, at + 1))
        return Place(group, self._local(whole, whole), under_stem, under_spelling, exact)

    def written_form(self, term: int, spelling: str) -> str:
        """How a term is written; `spelling` is its spelling."""
        return _text(self.written[term]) or spelling

    def group_terms(self, group: int) -> tuple[int, int]:
        """The range of terms of a group."""
        return self._terms_under(self._children(self._stems_of, group))

    @cached_property
    def group_starts(self) -> UInts:
        """The first term of every group, and the number of terms: reads three columns."""
        return self._written_of.slice()[self._spellings_of.slice()[self._stems_of.slice()]]

    def group_of(self, terms: UInts) -> UInts:
        """The group of each term."""
        return (np.searchsorted(self.group_starts, terms, "right") - 1).astype(np.uint32)

    @property
    def columns(self) -> tuple[StringColumn, ...]:
        """The strings of each level, as they are stored."""
        return self.roots, self.stems, self.spellings, self.written

    def parents(self, levels: int = 3) -> list[UInts]:
        """Of each level but the first, each string's parent on the level above.

        Args:
            levels: how many of them.
        """
        starts = (self._stems_of, self._spellings_of, self._written_of)
        out = []
        for here, below in zip(starts[:levels], self.columns[1:], strict=False):
            counts = self._counts(here, below.count)
            out.append(np.repeat(np.arange(len(counts), dtype=np.uint32), counts))
        return out

    def _counts(self, starts: Packed, below: int) -> Array:
        """Children of each string of a level."""
        edges = starts.slice().astype(np.int64)
        counts = edges[1:] - edges[:-1]
        if edges[0] != 0 or edges[-1] != below or (counts < 0).any():
            self._blame("ascending children", "others")
        return counts

    def rungs(self) -> list[Rungs]:
        """All terms with their rungs, in order: reads the vocabulary."""
        roots = self.roots.slice()
        stems, root_of = self._level(self.stems, self._stems_of, roots)
        spellings, stem_of = self._level(self.spellings, self._spellings_of, stems)
        written, spelling_of = self._level(self.written, self._written_of, spellings)
        names = [[_text(text) for text in level] for level in (roots, stems, spellings, written)]
        at_stem = [stem_of[i] for i in spelling_of]
        return [
            Rungs(names[3][i], names[2][p], names[1][s], names[0][root_of[s]])
            for i, (p, s) in enumerate(zip(spelling_of, at_stem, strict=True))
        ]

    def group_rungs(self, group: int) -> list[Rungs]:
        """The terms of one group with their rungs."""
        root = _text(self.roots[group])
        out = []
        for s in range(*self._children(self._stems_of, group)):
            stem = _text(self.stems[s]) or root
            for p in range(*self._children(self._spellings_of, s)):
                spelling = _text(self.spellings[p]) or stem
                texts = self.written.slice(*self._children(self._written_of, p))
                out += [Rungs(_text(t) or spelling, spelling, stem, root) for t in texts]
        return out

    def spelled(self) -> kernels.Texts:
        """Every spelling, in term order: reads the vocabulary."""
        return self._filled(2)

    def forms(self, used: Array) -> Iterator[tuple[UInts, UInts]]:
        """How the terms that are used are written, in order, in batches.

        Yields:
            Code points, one form after another; and where each begins in them, and the end.
        """
        forms = self._filled(3)
        for first in range(0, self.terms, BATCH):
            batch = forms.slice(first, min(first + BATCH, self.terms))
            yield _codes([*compress(batch, used[first : first + BATCH])])

    def _filled(self, level: int) -> kernels.Texts:
        """The strings of a level, also where they are stored empty."""
        columns = zip(self.columns[1 : level + 1], self.parents(level), strict=True)
        above = kernels.Texts(*self.roots.joined())
        for column, parents in columns:
            above = kernels.Texts(*column.joined()).filled(above, parents)
        return above

    @cached_property
    def spelling_starts(self) -> UInts:
        """The first term of every spelling, and the number of terms."""
        return self._written_of.slice()

    def terms_of_spelling(self, spelling: int) -> tuple[int, int]:
        """The range of terms of a spelling."""
        return self._children(self._written_of, spelling)

    def _level(
        self, strings: StringColumn, starts: Packed, above: list[bytes]
    ) -> tuple[list[bytes], list[int]]:
        """The strings of a level, also where they are stored empty, and their parents."""
        counts = self._counts(starts, strings.count)
        parents = np.repeat(np.arange(len(counts)), counts).tolist()
        texts = strings.slice()
        return [t or above[p] for t, p in zip(texts, parents, strict=True)], parents

    def _children(self, starts: Packed, at: int) -> tuple[int, int]:
        first, end = starts.pair(at)
        if first > end:
            self._blame("ascending children", f"{first} {end}")
        return first, end

    def _terms_under(self, stems: tuple[int, int]) -> tuple[int, int]:
        first = self._spellings_of.item(stems[0])
        end = self._spellings_of.item(stems[1])
        return self._terms_of_spellings((first, end))

    def _terms_of_spellings(self, spellings: tuple[int, int]) -> tuple[int, int]:
        first = self._written_of.item(spellings[0])
        end = self._written_of.item(spellings[1])
        return first, end

    def _local(self, whole: tuple[int, int], part: tuple[int, int]) -> tuple[int, int]:
        if not whole[0] <= part[0] <= part[1] <= whole[1]:
            self._blame(f"terms within {whole}", f"{part}")
        return part[0] - whole[0], part[1] - whole[0]

    def _blame(self, expected: str, found: str) -> NoReturn:
        raise DamagedError(self._file.name, "vocabulary", expected, found)


def _codes(texts: list[bytes]) -> tuple[UInts, UInts]:
    """The code points of texts in UTF-8, and where each text begins in them, and the end."""
    joined = b"".join(texts)
    begins = (np.frombuffer(joined, np.uint8) & 0xC0) != 0x80
    before = np.append(np.uint32(0), np.cumsum(begins, dtype=np.uint32))
    edges = before[np.cumsum([0, *map(len, texts)])]
    return np.frombuffer(joined.decode().encode("utf-32-le"), "<u4"), edges


def _text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")
