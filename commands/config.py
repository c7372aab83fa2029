"""`kashaf.toml`, beside the index: what one does not want to type again.

Everything in it is optional, and what is typed goes before it. `TEMPLATE` has all of it.
"""

from __future__ import annotations

import os

from ..errors import UsageError
from ..hints import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..index import Field
    from ..search import Ranking

NAME = "kashaf.toml"

TEMPLATE = """\
# What `kashaf` need not be told again. It is read where it lies beside the index; remove the
# first sign of a line to have it hold. What is typed on the command line goes before it.

# ignore = ["*.bak", "drafts/"]   # not indexed; the syntax is that of .kashafignore
# hidden = false                  # files whose names begin with a dot, too
# follow = false                  # go into folders that are symbolic links
# keep-missing = false            # keep the documents of files that are gone
# encoding = "windows-1256"       # of text files, not detected
# ocr = "ara"                     # languages for Tesseract, on pages without text
# memory = 256                    # megabytes
# jobs = 4                        # threads; else one a core

[fields]                          # types that are not to be inferred; see docs/api.md
# author = "keyword"
# abstract = { type = "text", boost = 1.5 }

[map]                             # fields of records that have other names
# title = "headline"
# date = "published"

[weights]                         # numbers of the ranking
# stem = 0.6
# root = 0.25

[weights.fields]                  # what a word in a field weighs
# title = 3.0
"""

_KINDS: dict[str, type] = {
    "ignore": list,
    "hidden": bool,
    "follow": bool,
    "keep-missing": bool,
    "encoding": str,
    "ocr": str,
    "memory": int,
    "jobs": int,
    "fields": dict,
    "map": dict,
    "weights": dict,
}


class Config:
    """What a `kashaf.toml` says; empty where there is none.

    Args:
        path: the file.
        values: its values, their types checked, by name.
    """

    def __init__(self, path: str, values: dict[str, Any]) -> None:
        self.path = path
        self.values = values

    def get(self, name: str, typed: Any = None, default: Any = None) -> Any:
        """What was typed for an option, else what the file says, else the default."""
        return typed if typed not in (None, False, ()) else self.values.get(name, default)

    def kinds(self) -> dict[str, Field]:
        """The types of fields."""
        return {
            name: self._field(name, told) for name, told in self.values.get("fields", {}).items()
        }

    def map(self) -> dict[str, str]:
        """The names of fields: ours → the records'."""
        told: dict[str, Any] = self.values.get("map", {})
        for name, source in told.items():
            self._require(isinstance(source, str), f"map.{name}", "a name")
        return told

    def ignore(self) -> tuple[str, ...]:
        """The patterns of files to leave out."""
        told = self.values.get("ignore", [])
        self._require(all(isinstance(line, str) for line in told), "ignore", "a list of patterns")
        return tuple(told)

    def ranking(self) -> Ranking:
        """The numbers of the ranking."""
        from ..search import Ranking

        if "weights" not in self.values:
            return Ranking()
        told = dict(self.values["weights"])
        boosts = told.pop("fields", {})
        known = [name for name in Ranking.__match_args__ if name != "boosts"]
        self._require(isinstance(boosts, dict), "weights.fields", "a table of numbers")
        for name, number in (*told.items(), *boosts.items()):
            self._require(_is_number(number), f"weights.{name}", "a number, 0 or more")
        for name in told:
            self._require(name in known, f"weights.{name}", f"one of {', '.join(known)}")
        return Ranking(**told, boosts=boosts)

    def _field(self, name: str, told: Any) -> Field:
        from ..index import Field

        match told:
            case str():
                return Field(told)
            case {"type": str(kind), "boost": int() | float() as boost, **rest} if not rest:
                self._require(_is_number(boost), f"fields.{name}.boost", "a number, 0 or more")
                return Field(kind, float(boost))
            case {"type": str(kind), **rest} if not rest:
                return Field(kind)
        raise self._wrong(f"fields.{name}", 'a type, or { type = "text", boost = 2.0 }')

    def _require(self, sound: bool, name: str, wanted: str) -> None:
        if not sound:
            raise self._wrong(name, wanted)

    def _wrong(self, name: str, wanted: str) -> UsageError:
        return UsageError(f"{self.path}: {name} must be {wanted}")


def read(index: str | os.PathLike[str]) -> Config:
    """What the file beside an index says.

    Raises:
        UsageError: naming the file and what in it is wrong.
    """
    path = os.path.join(os.path.dirname(os.path.abspath(index)), NAME)
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
    except FileNotFoundError:
        return Config(path, {})
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    import tomllib

    try:
        values = tomllib.loads(text)
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from None
    for name, value in values.items():
        if name not in _KINDS:
            raise UsageError(f"{path}: {name!r} is not known; there is {', '.join(_KINDS)}")
        kind = _KINDS[name]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise UsageError(f"{path}: {name} must be {_WORDS[kind]}, not {value!r}")
    return Config(path, values)


_WORDS: dict[Any, str] = {
    list: "a list",
    bool: "true or false",
    str: "a text",
    int: "a whole number",
    dict: "a table",
}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
