"""What stands under a page for people: groups, facets, explanations, remedies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .display import Style, asked, heading, hit_lines
from .doctor import Remedy
from .page import Page


def groups(page: Page, field: str, limit: int, best: int, style: Style) -> Iterator[str]:
    """The best hits of each value of a field."""
    yield from heading(page, style)
    if page.total:
        yield style.dim(f"{page.total}{asked(page, style)}, by {field}")
    for group, hits in page.groups(field, limit, page.offset, best):
        shown = "—" if group.value is None else style.text(str(group.value))
        yield ""
        yield style.bold(f"{field}: {shown}") + style.dim(f"  {group.total}")
        for hit in hits:
            yield from hit_lines(hit, style)


def facet(page: Page, field: str, style: Style, limit: int = 20) -> Iterator[str]:
    """The values of a field with their counts."""
    counts = page.facet(field)
    yield ""
    yield style.bold(field)
    for each in counts[:limit]:
        yield f"{each.count:>7,}  {style.text(each.value)}"
    if not counts:
        yield style.dim("      –  no document here has it")
    if len(counts) > limit:
        yield style.dim(f"     and {len(counts) - limit} more")


def remedies(found: Sequence[Remedy], style: Style) -> Iterator[str]:
    """What other searches would find."""
    for remedy in found:
        yield f"  {style.text(remedy.label)}: {remedy.total}"
