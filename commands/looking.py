"""`kashaf show`, `stats`, `analyze` and `run`: what is in an index, what is in a text."""

from __future__ import annotations

from typing import Any

import click

from .options import field_option, index_option, match_option
from .places import open_index
from .showing import FOUND, NOTHING, style_of


@click.command()
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


@click.command()
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def stats(place: str | None, as_json: bool) -> int:
    """Print what the index holds and how large it is."""
    import json

    from ..search.stats import stats_of

    found = stats_of(open_index(place))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for name, value in found.items():
            click.echo(f"{name:<12} {_plain(value)}")
    return FOUND


@click.command()
@click.argument("text", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def analyze(text: tuple[str, ...], as_json: bool) -> int:
    """Print each word of a text with its four rungs, and what led there."""
    from ..search.analysis import as_json_lines, as_table

    lines = (as_json_lines if as_json else as_table)(" ".join(text), style_of())
    for line in lines:
        click.echo(line)
    return FOUND


@click.command()
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
    from ..search.trec import read_queries
    from ..search.trec import run as run_all

    opened = open_index(place)
    rows = read_queries(queries, queries.name)
    for line in run_all(opened, rows, number, tag, match=match, fields=fields or None):
        click.echo(line)
    return FOUND


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{k} {v}" for k, v in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)
