"""Writes the reference, `docs/api.md`, from the docstrings."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kashaf
from kashaf import errors, index, search
from kashaf.index import intake, readers
from kashaf.index.intake.report import Listener
from kashaf.index.schema import KINDS

PAGE = Path(__file__).with_name("api.md")

SECTIONS: tuple[tuple[str, str, tuple[tuple[str, Any], ...]], ...] = (
    (
        "Searching",
        "`import kashaf` gives these.",
        (
            ("kashaf.create", kashaf.create),
            ("kashaf.open", kashaf.open),
            ("kashaf.Index", kashaf.Index),
            ("kashaf.Page", kashaf.Page),
            ("kashaf.Hit", kashaf.Hit),
            ("kashaf.Snippet", kashaf.Snippet),
            ("kashaf.search.Reason", search.Reason),
            ("kashaf.Ranking", kashaf.Ranking),
        ),
    ),
    (
        "Writing",
        "`Index.writer` gives a writer; the schema says what fields there are.",
        (
            ("kashaf.index.Writer", index.Writer),
            ("kashaf.Schema", kashaf.Schema),
            ("kashaf.Field", kashaf.Field),
        ),
    ),
    (
        "Files and folders",
        "What `kashaf index` does, for programs.",
        (
            ("kashaf.index.intake.take_in", intake.take_in),
            ("kashaf.index.intake.Rules", intake.Rules),
            ("kashaf.index.intake.Report", intake.Report),
            ("kashaf.index.intake.report.Listener", Listener),
            ("kashaf.index.intake.skipped_of", intake.skipped_of),
            ("kashaf.index.readers.read", readers.read),
            ("kashaf.index.readers.Document", readers.Document),
            ("kashaf.index.readers.Skipped", readers.Skipped),
            ("kashaf.index.readers.Options", readers.Options),
            ("kashaf.index.readers.Limits", readers.Limits),
        ),
    ),
)

HEAD = """\
# The Python interface

Made from the docstrings by `docs/make_api.py`; change them, not this page. What is not here may
change without notice.
"""

_SECTION = re.compile(r"^(Args|Attributes|Parameters|Returns|Raises|Yields):$")


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for title, about, names in SECTIONS:
        parts += [f"## {title}\n", f"{about}\n"]
        for name, thing in names:
            parts += _class(name, thing) if isinstance(thing, type) else _function(name, thing)
    parts += ["## Types of fields\n", *(f"- `{kind}`: {told}" for kind, told in KINDS.items()), ""]
    parts += ["## Kinds of skipping\n"]
    parts += [*(f"- `{kind}`: {told}" for kind, told in readers.KINDS.items()), ""]
    parts += ["## Errors\n", _text(inspect.getdoc(errors) or "")]
    return "\n".join(parts).rstrip() + "\n"


def _class(name: str, kind: type) -> Iterator[str]:
    yield f"### `{name}`\n"
    yield _text(inspect.getdoc(kind) or "")
    for member, value in vars(kind).items():
        if member.startswith("_"):
            continue
        thing = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        told = inspect.getdoc(thing) if inspect.isfunction(thing) else None
        if told:
            yield f"#### `{member}{_signature(thing)}`\n"
            yield _text(told)
        elif isinstance(value, property) and inspect.isfunction(value.fget) and value.__doc__:
            yield f"#### `{member}`\n"
            yield _text(inspect.getdoc(value) or "")


def _function(name: str, function: Any) -> Iterator[str]:
    yield f"### `{name}{_signature(function)}`\n"
    yield _text(inspect.getdoc(function) or "")


def _signature(function: Any) -> str:
    """The parameters without their types, which the text tells where they matter."""
    signature = inspect.signature(function)
    plain = [
        parameter.replace(annotation=parameter.empty)
        for name, parameter in signature.parameters.items()
        if name not in ("self", "cls")
    ]
    shown = str(signature.replace(parameters=plain, return_annotation=signature.empty))
    return re.sub(r"<[^>]*>|\w+\([^()]*=[^()]*\)", "…", shown)


def _text(doc: str) -> str:
    """A docstring as Markdown: its sections in bold, their entries as lists."""
    lines = []
    in_section = in_drawing = False
    for line in doc.splitlines():
        found = _SECTION.match(line)
        in_drawing = line.startswith("    ") and not in_section
        if found:
            in_section = True
            lines.append(f"**{found[1]}**\n")
        elif in_section and re.match(r" {4}\S", line):
            lines.append(f"- {line.strip()}")
        elif in_section and line.startswith("        "):
            lines.append(f"  {line.strip()}")
        else:
            in_section = in_section and not line.strip()
            lines.append(line if in_drawing else line.strip())
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
