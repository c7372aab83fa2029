"""`kashaf search`: a query in, a page out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from .options import (
    FOUND,
    NOTHING,
    bidi_option,
    color_option,
    echo,
    field_option,
    index_option,
    match_option,
    open_index,
    style_of,
)

if TYPE_CHECKING:
    from ..search import Index, Page
    from ..search.display import Style


def filter_options(command: Any) -> Any:
    """The options that say which documents are looked at, and how strictly."""
    for option in reversed(
        (
            match_option,
            field_option,
            click.option("--all", "every_word", is_flag=True, help="All words must match."),
            click.option(
                "--where", multiple=True, metavar="FIELD=VALUE", help="Only with this value."
            ),
            click.option("--since", metavar="DATE", help="Only from this day, month or year on."),
            click.option("--until", metavar="DATE", help="Only up to this day, month or year."),
        )
    ):
        command = option(command)
    return command


def chosen(options: dict[str, Any]) -> dict[str, Any]:
    """The options of `filter_options` as `Index.search` takes them."""
    names = ("match", "fields", "every_word", "where", "since", "until")
    return {name: options[name] or None for name in names if name in options}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, required=True, type=click.UNPROCESSED)
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
    number, page_number = options["number"], options["number_of_page"]
    if number < 1 or page_number < 1 or options["best"] < 1:
        raise UsageError("-n, --page and --best count from 1")
    index = open_index(place)
    filters = chosen(options)
    filters["every_word"] = options["every_word"]
    offset = number * (page_number - 1)
    page = index.search(" ".join(query), number, offset, sort=options["sort"], **filters)
    style = style_of(options["color"], options["bidi"])
    echo(_lines(index, page, options, filters, style), style)
    return FOUND if page.hits else NOTHING


def _lines(
    index: Index, page: Page, options: dict[str, Any], filters: dict[str, Any], style: Style
) -> Iterator[str]:
    from ..search import display, html_page, json_page, report

    form = options["form"]
    if form == "jsonl":
        yield from json_page.as_jsonl(page, options["explain"])
    elif form == "json":
        yield json_page.as_json(
            page, options["explain"], options["facet"], options["profile"], options["group"]
        )
    elif form == "html":
        yield html_page.as_html(page)
    else:
        if options["group"]:
            yield from report.groups(
                page, options["group"], options["number"], options["best"], style
            )
        else:
            yield from display.as_text(page, style, options["explain"])
        for field in options["facet"]:
            yield from report.facet(page, field, style)
        if options["profile"]:
            yield from ("", *page.profile.lines())
        if not page.total:
            yield from report.remedies(index.diagnose(page.query, **filters), style)
