"""A user's own table of words: what the lexicon gets wrong, and names to keep whole.

A text file in UTF-8, one word a line, with tabs between the columns; `#` begins a comment.

    كشاف                    one column: the word is its own stem; it is never split
    الكويتيات	كويتي        two: word and stem
    نساء	امراه	مرء       three: word, stem and root

A word given here is known after و ف ب ك ل ال س as well, and wins over the lexicon.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..errors import UsageError
from .lexicon import VERB, Stem
from .root import of_unknown
from .spelling import fold

if TYPE_CHECKING:
    from pathlib import Path


class Overrides(NamedTuple):
    """Own words by their spelling, and the text that they were read from."""

    stems: Mapping[str, Stem] = {}
    source: str = ""


def read(path: "str | Path") -> Overrides:
    """Read a table of words.

    Args:
        path: a text file as described above.

    Raises:
        UsageError: a line has too many columns or an empty one, the file is not UTF-8, or
            two lines give one stem two roots.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            source = file.read()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from error
    stems: dict[str, Stem] = {}
    roots: dict[str, str] = {}
    for number, word, stem in _rows(source, str(path)):
        if roots.setdefault(stem.stem, stem.root) != stem.root:
            raise UsageError(f"{path}, line {number}: the stem {stem.stem} has another root above")
        stems[word] = stem
    return Overrides(stems, source)


def _rows(source: str, name: str) -> Iterator[tuple[int, str, Stem]]:
    for number, line in enumerate(source.splitlines(), 1):
        text = line.partition("#")[0].strip()
        if text:
            columns = [column.strip() for column in text.split("\t")]
            if len(columns) > 3 or not all(columns):
                raise UsageError(f"{name}, line {number}: one to three columns, tabs between them")
            yield number, fold(columns[0]), _stem(columns)


def _stem(columns: list[str]) -> Stem:
    given = columns[min(1, len(columns) - 1)]
    stem = fold(given) + (VERB if given.endswith(VERB) else "")
    return Stem(stem, fold(columns[2]) if len(columns) == 3 else of_unknown(stem))
