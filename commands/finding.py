"""`kashaf search`: a query in, a page out."""

from __future__ import annotations

from typing import Any

import click

from .options import (
    bidi_option,
    color_option,
    field_option,
    index_option,
    match_option,
    query_argument,
)
from .searching import answer


def filter_options(command: Any) -> Any:
    """The options that say which documents are looked at, and how strictly."""
    for option in reversed(
        (
            match_option,
            field_option,
            click.option("--all", "every_word", is_flag=True, help="All words must match."),
            click.option(
                "--where",
                multiple=True,
                metavar="FIELD=VALUE",
                help="Only with this value; of several for one field, with any of them.",
            ),
            click.option("--since", metavar="DATE", help="Only from this day, month or year on."),
            click.option("--until", metavar="DATE", help="Only up to this day, month or year."),
        )
    ):
        command = option(command)
    return command


@click.command(context_settings={"ignore_unknown_options": True})
@query_argument
@index_option
@click.option("-n", "--number", default=10, show_default=True, help="Hits on a page.")
@click.option("--page", "number_of_page", default=1, show_default=True, help="Which page.")
@filter_options
@click.option("--sort", multiple=True, metavar="[-]FIELD", help="Order by a field; - descending.")
@click.option("--facet", multiple=True, metavar="FIELD", help="Count the values of a field.")
@click.option("--group", metavar="FIELD", help="The best hits of each value of a field.")
@click.option("--best", default=3, show_default=True, help="Hits of each group.")
@click.option("--explain", is_flag=True, help="Why each hit was found, and its score in parts.")
@click.option("--profile", is_flag=True, help="What the query reads, and how long that takes.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl", "html"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@color_option
@bidi_option
def search(query: tuple[str, ...], place: str | None, **options: Any) -> int:
    """Find documents: ranked, with the passages that matched. See docs/query-language.md."""
    return answer(query, place, **options)
