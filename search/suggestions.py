"""Did you mean: for words that the index lacks, never for those that it has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .. import arabic
from ..index import Schema, Snapshot
from . import arabizi, keyboard, language, misspelling
from .names import FIELD_NAMES, RUNG_NAMES
from .tree import Phrase, Word, leaves_of
from .word_list import WordList, word_list
from .wording import OPERATORS

How = Literal["keyboard", "arabizi", "spelling"]

_ARABIC = re.compile("[\u0620-\u064a\u0671-\u06d3]")
_LATIN = re.compile("[A-Za-z]")
LENGTH_LIMIT = 1000
"""Characters of a query whose words are looked up."""

_NAME = re.compile(r"(?<!\w)([^\W\d][\w.-]*):")
_OPERATOR = re.compile(
    rf"(?<![^\s()])(?:{'|'.join(sorted(OPERATORS, key=len, reverse=True))})(?![^\s()])"
)
_CUT = re.compile(r"[A-Za-z][;\[\]'`,./]|[;\[\]'`,./][A-Za-z]")
"""Signs in a word that are letters on an Arabic keyboard."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a part of a query may have meant.

    Attributes:
        start, end: the part, in characters of the query.
        text: what to put in its place.
        how: `keyboard` (typed with the other layout), `arabizi` (Arabic in Latin letters) or
            `spelling`.
        count: how many documents have it; of several words, the rarest.
    """

    start: int
    end: int
    text: str
    how: How
    count: int


def suggest(snapshot: Snapshot, text: str, limit: int = 5) -> list[Suggestion]:
    """Suggestions for each word of a query that the index lacks, best first for each.

    Names of fields, operators, patterns, ranges and what is excluded are left alone.
    """
    words = word_list(snapshot)
    out: list[Suggestion] = []
    for chunk in re.finditer(r"\S+", _without_syntax(text[:LENGTH_LIMIT], snapshot.schema)):
        found = list(_for_chunk(words, chunk[0], chunk.start()))
        distinct = {(each.start, each.text): each for each in reversed(found)}
        places = sorted({each.start for each in found})
        for place in places:
            mine = [e for e in found if e.start == place and distinct[place, e.text] is e]
            out += mine[:limit]
    return out


def _without_syntax(text: str, schema: Schema) -> str:
    """A query with what are no words of it blanked out."""
    out = list(text)
    for node, excluded in leaves_of(language.read(text, schema).node):
        if node.span and (excluded or not isinstance(node, Word | Phrase)):
            out[slice(*node.span)] = " " * (node.span[1] - node.span[0])
    known = {*schema, *RUNG_NAMES, *FIELD_NAMES}
    for match in _NAME.finditer(text):
        if match[1] in known:
            out[slice(*match.span())] = " " * len(match[0])
    blank = "".join(out)
    return _OPERATOR.sub(lambda match: " " * len(match[0]), blank)


def corrected(text: str, suggestions: list[Suggestion]) -> str | None:
    """The text with the best suggestion in each place; None if there is none."""
    best: dict[int, Suggestion] = {}
    for each in suggestions:
        best.setdefault(each.start, each)
    for each in sorted(best.values(), key=lambda each: -each.start):
        text = text[: each.start] + each.text + text[each.end :]
    return text if best else None


def _for_chunk(words: WordList, chunk: str, start: int) -> Iterator[Suggestion]:
    """Suggestions for a part without spaces."""
    found = arabic.words(chunk)
    lacking = [word for word in found if not words.count(arabic.rungs(word.text).spelling)]
    if found and not lacking and not _CUT.search(chunk):
        return
    slips = list(_other_layout(words, chunk, start))
    yield from slips
    for word in () if slips and _CUT.search(chunk) else lacking:
        place = start + word.start, start + word.end
        if _LATIN.search(word.text) and not _ARABIC.search(word.text):
            for at in arabizi.candidates(chunk if len(found) == 1 else word.text, words, 5):
                yield _suggestion(words, place, at, "arabizi")
        spelling = arabic.rungs(word.text).spelling
        for _, at in misspelling.candidates(spelling, words, 5) if len(spelling) > 2 else ():
            yield _suggestion(words, place, at, "spelling")


def _suggestion(words: WordList, place: tuple[int, int], at: int, how: How) -> Suggestion:
    return Suggestion(*place, words.usual_form(at), how, int(words.counts[at]))


def _other_layout(words: WordList, chunk: str, start: int) -> Iterator[Suggestion]:
    """The chunk typed on the other layout, if the index has all its words then."""
    is_arabic = _ARABIC.search(chunk) is not None
    typed = keyboard.as_latin(chunk) if is_arabic else keyboard.as_arabic(chunk)
    spellings = [arabic.rungs(word.text).spelling for word in arabic.words(typed)]
    places = [at for spelling in spellings if (at := words.find(spelling)) is not None]
    if not places or len(places) < len(spellings) or not (is_arabic or _ARABIC.search(typed)):
        return
    text = " ".join(map(words.usual_form, places))
    count = int(words.counts[places].min())
    yield Suggestion(start, start + len(chunk), text, "keyboard", count)
