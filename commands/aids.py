"""Aids: completion, suggestions, similar documents, families of words, concordances."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from .finding import filter_options
from .options import bidi_option, color_option, index_option, number_option, query_argument
from .places import open_index
from .searching import chosen
from .showing import FOUND, NOTHING, columns_of_terminal, echo, style_of

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


def _print(
    rows: list[Any], lines: list[str], as_json: bool, bidi: str = "auto", otherwise: str = ""
) -> int:
    """Print rows as JSON or line by line; `otherwise` says that there are none."""
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        echo(lines, style_of("auto", bidi))
    if otherwise and not rows:
        click.echo(otherwise, err=True)
    return FOUND if rows else NOTHING


@click.command()
@click.argument("prefix")
@index_option
@number_option
@json_option
def complete(prefix: str, place: str | None, number: int, as_json: bool) -> int:
    """Print the most frequent words that begin with PREFIX."""
    found = open_index(place).complete(prefix, number)
    return _print(found, [f"{each.count:>7,}  {each.text}" for each in found], as_json)


@click.command()
@click.argument("text", nargs=-1, required=True)
@index_option
@number_option
@json_option
def suggest(text: tuple[str, ...], place: str | None, number: int, as_json: bool) -> int:
    """Print what words that the index lacks may have meant.

    Misspellings, the wrong keyboard layout (hg;jhf) and Arabic in Latin letters (kitab).
    """
    asked = " ".join(text)
    found = open_index(place).suggest(asked, number)
    lines = [f"{each.count:>7,}  {each.text}  ({each.how})" for each in found]
    parts = [asked[each.start : each.end] for each in found]
    if len(set(parts)) > 1:  # each under what it is for
        lines = [
            line if last == part else f"{part}:\n{line}"
            for line, part, last in zip(lines, parts, ["", *parts], strict=False)
        ]
    nothing = "nothing to suggest: the index has each of these words, or none that is near"
    return _print(found, lines, as_json, otherwise=nothing)


@click.command()
@click.argument("word")
@index_option
@bidi_option
@json_option
def words(word: str, place: str | None, bidi: str, as_json: bool) -> int:
    """Print the corpus's words under a root, or under the root of WORD, by lemma."""
    found = open_index(place).words(word)
    lines = []
    for lemma in found:
        lines.append(f"{lemma.count:>7,}  {lemma.name}  ({lemma.root})")
        lines += [f"{count:>11,}  {form}" for form, count in lemma.forms]
    return _print(found, lines, as_json, bidi, f"no word of the index is under the root of {word}")


@click.command()
@click.argument("id")
@index_option
@number_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    help="How to print.",
)
@color_option
@bidi_option
def similar(id: str, place: str | None, number: int, form: str, color: str, bidi: str) -> int:
    """Print the documents most like the one with an id."""
    from ..search import display, json_page

    page = open_index(place).similar(id, number)
    if page is None:
        click.echo(f"no document with id {id!r}", err=True)
        return NOTHING
    if not page.hits and form == "text":
        click.echo(f"no document is like {id!r}", err=True)
        return NOTHING
    style = style_of(color, bidi)
    if form == "text":
        echo(display.as_text(page, style), style)
    else:
        echo([json_page.as_json(page)] if form == "json" else json_page.as_jsonl(page), style)
    return FOUND if page.hits else NOTHING


@click.command(context_settings={"ignore_unknown_options": True})
@query_argument
@index_option
@click.option("-n", "--number", default=100, show_default=True, help="Documents to look in.")
@click.option("--words", "width", default=6, show_default=True, help="Words to each side.")
@click.option(
    "--sort",
    "order",
    type=click.Choice(["text", "before", "after"]),
    default="text",
    show_default=True,
    help="By place, or by the words before or after.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv"]),
    default="text",
    help="How to print.",
)
@filter_options
@color_option
@bidi_option
def concord(query: tuple[str, ...], place: str | None, **options: Any) -> int:
    """Print every place where the words of a query stand, aligned, with their context."""
    from ..search.concordance import as_csv, as_table, concordance

    filters = chosen(options) | {"every_word": options["every_word"]}
    page = open_index(place).search(" ".join(query), options["number"], **filters)
    lines = concordance(page, options["width"], options["order"])
    if page.total > len(page):
        more = f"from the first {len(page)} of {page.total:,} documents: -n for more"
        click.echo(more, err=True)
    if options["form"] == "csv":
        click.echo(as_csv(lines), nl=False)
    else:
        style = style_of(options["color"], options["bidi"])
        echo(as_table(lines, style, columns_of_terminal()), style)
    return FOUND if lines else NOTHING
