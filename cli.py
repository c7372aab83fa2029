"""The command line: options in, calls to the rooms, text out. No logic of its own.

Each command imports what it needs when it runs, so that `kashaf search` starts fast.
Exit codes: 0 done or found, 1 nothing found, 2 misuse, 3 failed.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import Any

import click

from . import __version__
from .commands import aids, finding, indexing, preparing, shell, upkeep
from .commands.options import (
    FAILED,
    FOUND,
    MISUSE,
    NOTHING,
    field_option,
    index_option,
    match_option,
    open_index,
    style_of,
)
from .errors import KashafError, UsageError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kashaf")
def cli() -> None:
    """Full-text search that reads Arabic the way its readers do (كشّاف).

    \b
    kashaf index FOLDER        make or update an index of the documents in a folder
    kashaf search مدارس        find them: ranked, with the passages that matched
    """


for _command in (
    finding.search,
    aids.complete,
    aids.concord,
    aids.similar,
    aids.suggest,
    aids.words,
    indexing.index,
    indexing.skipped,
    preparing.completion,
    preparing.init,
    shell.shell,
    upkeep.backup,
    upkeep.check,
    upkeep.delete,
    upkeep.export,
    upkeep.optimize,
    upkeep.repair,
    upkeep.upgrade,
):
    cli.add_command(_command)


@cli.command()
@click.argument("id")
@index_option
def show(id: str, place: str | None) -> int:
    """Print the document with an id, as JSON."""
    import json

    document = open_index(place).get(id)
    if document is None:
        click.echo(f"no document with id {id!r}", err=True)
        return NOTHING
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    return FOUND


@cli.command()
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def stats(place: str | None, as_json: bool) -> int:
    """Print what the index holds and how large it is."""
    import json

    from .search.stats import stats_of

    found = stats_of(open_index(place))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for name, value in found.items():
            click.echo(f"{name:<12} {_plain(value)}")
    return FOUND


@cli.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def analyze(text: tuple[str, ...], as_json: bool) -> int:
    """Print each word of a text with its four rungs, and what led there."""
    from .search.analysis import as_json_lines, as_table

    lines = (as_json_lines if as_json else as_table)(" ".join(text), style_of())
    for line in lines:
        click.echo(line)
    return FOUND


@cli.command()
@click.argument("queries", type=click.File(encoding="utf-8-sig"))
@index_option
@click.option("-n", "--number", default=100, show_default=True, help="Hits of each query.")
@click.option("--tag", default="kashaf", show_default=True, help="Names the run.")
@match_option
@field_option
def run(
    queries: Any, place: str | None, number: int, tag: str, match: Any, fields: tuple[str, ...]
) -> int:
    """Answer every query of a file (id TAB text), as a TREC run."""
    from .search.trec import read_queries
    from .search.trec import run as run_all

    opened = open_index(place)
    rows = read_queries(queries, queries.name)
    for line in run_all(opened, rows, number, tag, match=match, fields=fields or None):
        click.echo(line)
    return FOUND


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; ends the process with the exit code."""
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what cannot be encoded is escaped, as JSON does it
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(arguments, prog_name="kashaf", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else FOUND
    except click.ClickException as error:
        error.show()
        return MISUSE
    except click.Abort:
        click.echo("stopped", err=True)
        return FAILED
    except KashafError as error:
        click.echo(f"kashaf: {error}", err=True)
        return MISUSE if isinstance(error, UsageError) else FAILED
    except (BrokenPipeError, SystemExit):  # SystemExit is click's own answer to a closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except OSError as error:
        click.echo(
            f"kashaf: {error.strerror or error}: {error.filename or ''}".rstrip(": "), err=True
        )
        return FAILED


if __name__ == "__main__":
    main()
