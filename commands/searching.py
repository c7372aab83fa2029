"""What `kashaf search` does, whoever has read its options: a query in, a page out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import UsageError
from ..hints import TYPE_CHECKING, Any
from .places import open_index
from .showing import FOUND, NOTHING, echo, style_of

if TYPE_CHECKING:
    from ..search import Index, Page
    from ..search.display import Style
    from ..search.grouping import Group


def chosen(options: dict[str, Any]) -> dict[str, Any]:
    """The options that say which documents are looked at, as `Index.search` takes them."""
    names = ("match", "fields", "every_word", "where", "since", "until")
    return {name: options[name] or None for name in names if name in options}


def answer(query: tuple[str, ...], place: str | None, **options: Any) -> int:
    """Search and print; `options` are those of the command, by name.

    Returns:
        The exit code.
    """
    number, page_number = options["number"], options["number_of_page"]
    if number < 1 or page_number < 1 or options["best"] < 1:
        raise UsageError("-n, --page and --best count from 1")
    if options["group"] and options["sort"]:
        raise UsageError("groups are in the order of their best hits: --group takes no --sort")
    if options["form"] in ("jsonl", "html"):
        for name in ("facet", "group", "profile"):
            if options[name]:
                raise UsageError(f"--{name} needs --format text or json")
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
    form = options["form"]
    if form == "text":
        return _text(index, page, options, filters, style)
    from ..search import html_page, json_page

    if form == "jsonl":
        return json_page.as_jsonl(page, options["explain"])
    if form == "html":
        return iter([html_page.as_html(page)])
    groups: Sequence[tuple[Group, Page]] = ()
    if options["group"]:
        groups = page.groups(options["group"], options["number"], page.offset, options["best"])
    remedies = () if page.total else index.diagnose(page.query, **filters)
    explain, facets, profile = (options[name] for name in ("explain", "facet", "profile"))
    return iter([json_page.as_json(page, explain, facets, profile, groups, remedies)])


def _text(
    index: Index, page: Page, options: dict[str, Any], filters: dict[str, Any], style: Style
) -> Iterator[str]:
    tables = [_counts(page, field, style) for field in options["facet"]]
    if options["group"]:
        from ..search import report

        groups = (options["group"], options["number"], options["best"])
        yield from report.groups(page, *groups, style)
    else:
        from ..search import display

        yield from display.as_text(page, style, options["explain"])
    for table in tables:
        yield from table
    if options["profile"]:
        yield from ("", *page.profile.lines())
    if not page.total:
        from ..search import report

        yield from report.remedies(index.diagnose(page.query, **filters), style)


def _counts(page: Page, field: str, style: Style) -> list[str]:
    """The table of a facet; made before the page is printed, so that mistakes come first."""
    from ..search import report

    return list(report.facet(page, field, style))
