"""Makes any text a query that Whoosh's parser can read: what cannot be syntax is text.

Nothing is inserted or removed, only blanked out, so that every offset stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from .. import arabic
from .reading import Notice

DEPTH_LIMIT = 30
"""Parentheses inside parentheses."""

SLOP_LIMIT = 999

EDITS = 2
"""Edits between a near word and the one that is asked for."""

TO = r"(?:TO|to|إلى|الى)"
"""What stands between the ends of a range."""


_PIECE = re.compile(
    rf"""
    (?P<regex>(?<![^\W_])r"[^"]*")
  | (?P<phrase>"[^"]*")(?P<slop>~\d+(?!\w))?
  | (?P<range>(?<=:)[\[{{][^\[\]{{}}"]*?\b{TO}\b[^\[\]{{}}"]*[\]}}])
  | (?P<name>[^\W\d][\w.-]*):
  | (?P<compare>(?<=:)(?:<=|>=|=<|=>|<|>)(?=[\w-]))
  | (?P<paren>[()])
  | (?P<sign>(?<![^\s(])[+-](?=[^\s+\-)]))
  | (?P<fuzzy>(?<=\w)~\d*(?:/\d+)?(?=[\s)^]|$))
  | (?P<boost>(?<=[^\s(])\^\d*\.?\d+(?=[\s)]|$))
  | (?P<stars>(?<!\S)\*\*+[^*\s]+\*\*+(?!\S))
  | (?P<wild>[*?]+)
  | (?P<other>["\[\]{{}}^~+:<>=؟՞፧])
    """,
    re.VERBOSE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_FOLLOWS_NAME = re.compile(r"""[\w"(*?+-]|[<>]=?[\w-]|[\[{]""")
_ITEM = re.compile(r'r"[^"]*"|"[^"]*"[^\s()]*|[()]|\S*?[\[{][^\]}]*[\]}]|[^\s()]+')
_INFIX = {"AND", "OR", "أو", "ANDNOT", "ANDMAYBE", "REQUIRE"}
_NAME = re.compile(r"([^\W\d][\w.-]*):")
_DIGITS = {zero + i: str(i) for zero in (0x660, 0x6F0) for i in range(10)}


def repair(text: str, names: Collection[str]) -> tuple[str, list[Notice]]:
    """A query text with what is no syntax blanked out.

    Args:
        text: any string.
        names: what may stand before a colon.

    Returns:
        The text, as long as before, and what was done to it.
    """
    mender = _Mender(_CONTROL.sub(" ", text).replace("“", '"').replace("”", '"'), names)
    mender.pieces()
    mender.parentheses()
    mender.operators()
    return "".join(mender.out), sorted(mender.notices, key=lambda notice: notice.start or 0)


class _Mender:
    """One text under repair; `out` is it, character by character."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self._text = text
        self._names = names
        self.out = list(text)
        self.notices: list[Notice] = []
        self._parens: list[int] = []
        self._name_end = -1  # where a name with its colon has just ended

    def pieces(self) -> None:
        """Blank out, sign by sign, what is not where it could be syntax."""
        at = 0
        while match := _PIECE.search(self._text, at):
            at = max(getattr(self, f"_{match.lastgroup}")(match), match.start() + 1)

    def _blank(self, start: int, end: int) -> int:
        self.out[start:end] = " " * (end - start)
        return end

    def _note(self, message: str, start: int) -> None:
        self.notices.append(Notice(message, start))

    def _regex(self, match: re.Match[str]) -> int:
        return match.end()

    def _phrase(self, match: re.Match[str]) -> int:
        if not arabic.words(match[0]):
            return self._blank(*match.span())
        return match.end()

    def _slop(self, match: re.Match[str]) -> int:
        self._phrase(match)
        return self._number(match.start("slop") + 1, match.end(), SLOP_LIMIT)

    def _edits(self, start: int, end: int) -> None:
        self._number(start, end, EDITS)
        if start < end and int(self._text[start:end][:20]) > EDITS:
            self._note(f"a near word is at most {EDITS} edits away", start)

    def _number(self, start: int, end: int, limit: int) -> int:
        """Write a number in ASCII, and no larger than it may be."""
        value = min(int(self._text[start:end] or 0), limit) if end - start < 20 else limit
        self.out[start:end] = f"{value:<{end - start}}" if start < end else ""
        return end

    def _range(self, match: re.Match[str]) -> int:
        if match.start() != self._name_end:
            self.out[match.start()] = self.out[match.end() - 1] = " "
        return match.end()

    def _compare(self, match: re.Match[str]) -> int:
        return match.end() if match.start() == self._name_end else self._blank(*match.span())

    def _name(self, match: re.Match[str]) -> int:
        known = match["name"] in self._names
        if known and self._is_followed(match.end()):
            self._name_end = match.end()
            return match.end()
        self.out[match.end() - 1] = " "
        follows = self._text[match.end() : match.end() + 1]
        if known and follows.isspace():
            message = f"{match[0]} says where only with no space after it: read as a word"
            self._note(message, match.start())
        if not known and match["name"].isascii() and follows.isalnum():
            self._note(f"there is no field {match['name']}: read as words", match.start())
        return match.end()

    def _is_followed(self, at: int) -> bool:
        """Whether after a name and its colon there is what can be in a field."""
        if self._text[at : at + 1] in ("[", "{"):
            after = _PIECE.match(self._text, at)
            if after is not None and after.lastgroup != "range":
                self._note("not a range, which is [LOW TO HIGH]: read as words", at)
                return False
        return _FOLLOWS_NAME.match(self._text, at) is not None

    def _paren(self, match: re.Match[str]) -> int:
        self._parens.append(match.start())
        return match.end()

    def _sign(self, match: re.Match[str]) -> int:
        return match.end()

    def _fuzzy(self, match: re.Match[str]) -> int:
        slash = match[0].find("/")
        digits = match.end() if slash < 0 else match.start() + slash
        self._edits(match.start() + 1, digits)
        if slash >= 0:
            self._number(digits + 1, match.end(), 100)
        return match.end()

    def _boost(self, match: re.Match[str]) -> int:
        self.out[match.start() : match.end()] = match[0].translate(_DIGITS)
        return match.end()

    def _stars(self, match: re.Match[str]) -> int:
        start, end = match.span()
        inner = match[0].strip("*")
        left = len(match[0]) - len(match[0].lstrip("*"))
        self._blank(start, start + left)
        return self._blank(start + left + len(inner), end)

    def _wild(self, match: re.Match[str]) -> int:
        before = self._text[: match.start()]
        after = self._text[match.end() : match.end() + 1]
        if before.endswith('"') or after == '"':  # what is quoted is no part of a pattern
            return self._blank(*match.span())
        whole = after in "()^" or after.isspace() or _is_letter(after)
        if (match.start() == self._name_end and whole) or match[0] == self._text.strip() == "*":
            return match.end()
        if (name := _NAME.match(self._text, match.end())) and name[1] in self._names:
            after = ""
        alone = not _is_letter(before[-1:]) and not _is_letter(after)
        ends = match[0].strip("?") == "" and not after.strip() and self._asks(match)
        return self._blank(*match.span()) if alone or ends else match.end()

    def _asks(self, match: re.Match[str]) -> bool:
        """Whether question marks end a question rather than a pattern.

        A lone one does at the end of several words, but not where syntax leads up to its word.
        """
        if len(match[0]) > 1 or self._text[match.end() :].strip():
            return len(match[0]) > 1
        *others, word = re.split(r'[\s()"]+', "".join(self.out[: match.start()]))
        leading = [other for other in others if other][-1:]
        syntax = word[:1] in ("+", "-") or ":" in word or {*leading} & {"NOT", *_INFIX}
        return bool(leading) and not syntax

    def _other(self, match: re.Match[str]) -> int:
        if match[0] == '"':
            self._note("a quotation mark is not closed: read as words", match.start())
        return self._blank(*match.span())

    def parentheses(self) -> None:
        """Blank out parentheses without a partner, and those too deep."""
        stack: list[int] = []
        for at in self._parens:
            if self._text[at] == "(":
                stack.append(at)
                continue
            if not stack or len(stack) > DEPTH_LIMIT:
                self.out[at] = " "
                self._note("a parenthesis has no partner or is too deep: left out", at)
            if stack and len(stack) > DEPTH_LIMIT:
                self.out[stack[-1]] = " "
            del stack[-1:]
        for at in stack:
            self.out[at] = " "
            self._note("a parenthesis is not closed: left out", at)

    def operators(self) -> None:
        """Blank out operators that have nothing to join."""
        text = "".join(self.out)
        items = [match for match in _ITEM.finditer(text) if _is_item(match[0])]
        dangling = list(_dangling(items))
        while dangling:
            for match in dangling:
                self._blank(*match.span())
                self._note(f"{match[0]} has nothing to join: left out", match.start())
            gone = {match.start() for match in dangling}
            items = [match for match in items if match.start() not in gone]
            dangling = list(_dangling(items))


def _is_letter(char: str) -> bool:
    """Whether a character (or none) can stand in a word: letters, digits, marks."""
    return char != "" and unicodedata.category(char)[0] in "LNM"


def _is_item(text: str) -> bool:
    return text in "()" or "*" in text or bool(arabic.words(text))


def _dangling(items: list[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Operators at the beginning or the end of a group, or next to another operator."""
    for at, match in enumerate(items):
        before = items[at - 1][0] if at else "("
        after = items[at + 1][0] if at + 1 < len(items) else ")"
        ends = after == ")" or after in _INFIX
        if match[0] in _INFIX:
            starts = before == "(" or before == "NOT"
            if starts or ends:
                yield match
        elif match[0] == "NOT" and ends:
            yield match
