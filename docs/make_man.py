"""Writes the man page, `docs/kashaf.1`, from the help of the commands."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
from kashaf.commands.group import cli

PAGE = Path(__file__).with_name("kashaf.1")

HEAD = """\
.\\" Made by docs/make_man.py from the help of the commands; change it there.
.TH KASHAF 1 "" "Kashaf" "User commands"
.SH NAME
kashaf \\- full-text search that reads Arabic the way its readers do
.SH SYNOPSIS
.B kashaf
.I COMMAND
.RI [ OPTION ]...
.RI [ ARGUMENT ]..."""

TAIL = """\
.SH FILES
.TP
.I .kashaf
The index, in the folder where it was made; found from any folder below.
.TP
.I kashaf.toml
Beside the index: what need not be typed again. \\fBkashaf init\\fR writes one.
.TP
.I .kashafignore
In any folder that is indexed: what to leave out, in the syntax of \\fBgitignore\\fR(5).
.SH ENVIRONMENT
.TP
.B KASHAF_INDEX
Where the index is, if no option says so.
.TP
.B NO_COLOR
If set, no colour is used.
.SH EXIT STATUS
.TP
.B 0
Done, or found.
.TP
.B 1
Nothing was found.
.TP
.B 2
Misuse.
.TP
.B 3
Failed, or stopped by Ctrl-C before the end.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_described(), *_all_commands(), TAIL])


def _described() -> Iterator[str]:
    yield ".SH DESCRIPTION"
    yield from _paragraphs(cli.help or "")


def _all_commands() -> Iterator[str]:
    yield ".SH COMMANDS"
    with click.Context(cli, info_name="kashaf") as context:
        for name in cli.list_commands(context):
            command = cli.get_command(context, name)
            assert command
            yield from _command(click.Context(command, context, name))


def _command(context: click.Context) -> Iterator[str]:
    command = context.command
    usage = " ".join(command.collect_usage_pieces(context))
    yield f'.SS "kashaf {context.info_name} {_escaped(usage)}"'
    yield from _paragraphs(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and record[1] and "--help" not in record[0]:
            yield ".TP"
            yield f".B {_escaped(record[0])}"
            yield _escaped(" ".join(record[1].split()))


def _paragraphs(text: str) -> Iterator[str]:
    """Paragraphs of a help text; one that begins with \\b keeps its lines."""
    for number, paragraph in enumerate(cleandoc(text).split("\n\n")):
        if number:
            yield ".PP"
        lines = paragraph.strip("\n").splitlines()
        if lines and lines[0].strip(" ") == "\b":
            yield ".nf"
            yield from map(_escaped, lines[1:])
            yield ".fi"
        else:
            yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """Text that means nothing to troff."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
