"""Pages as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..records import as_dict
from .page import Hit, Page
from .snippets import Snippet

if TYPE_CHECKING:
    from .doctor import Remedy
    from .grouping import Group


def as_json(
    page: Page,
    explain: bool = False,
    facets: Sequence[str] = (),
    profile: bool = False,
    groups: Iterable[tuple[Group, Page]] = (),
    remedies: Sequence[Remedy] = (),
) -> str:
    """A page as one JSON object.

    Args:
        page: what was found.
        explain: with the reasons and the parts of the score of each hit.
        facets: fields whose values are counted.
        profile: with the plan and what it reads.
        groups: as `Page.groups` gives them.
        remedies: as `Index.diagnose` gives them.
    """
    whole: dict[str, Any] = {
        "query": page.query,
        "reading": page.reading,
        "notices": [notice._asdict() for notice in page.notices],
        "total": page.total,
        "offset": page.offset,
        "hits": [hit_json(hit, explain) for hit in page.hits],
    }
    if page.suggestions:
        whole["suggestions"] = [asdict(each) for each in page.suggestions]
    if facets:
        whole["facets"] = {name: [asdict(each) for each in page.facet(name)] for name in facets}
    if groups:
        whole["groups"] = [
            {
                "value": each.value,
                "total": each.total,
                "hits": [hit_json(hit, explain) for hit in hits],
            }
            for each, hits in groups
        ]
    if remedies:
        whole["remedies"] = [{"label": each.label, "total": each.total} for each in remedies]
    if profile:
        whole["profile"] = asdict(page.profile)
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_jsonl(page: Page, explain: bool = False) -> Iterator[str]:
    """A page as one JSON object a hit."""
    for hit in page.hits:
        yield json.dumps(hit_json(hit, explain), ensure_ascii=False)


def hit_json(hit: Hit, explain: bool = False) -> dict[str, Any]:
    """A hit as JSON values."""
    shown: dict[str, Any] = {
        name: hit.fields[name] for name in ("title", "path", "date") if name in hit.fields
    }
    out: dict[str, Any] = {
        "rank": hit.rank,
        "id": hit.id,
        "score": round(hit.score, 6),
        **shown,
        **({"page": hit.page} if hit.page else {}),
        "snippet": _passage(hit.snippet),
        "passages": [_passage(passage) for passage in hit.passages],
    }
    if explain:
        out["why"] = [as_dict(reason) for reason in hit.why]
        out["explanation"] = asdict(hit.explanation)
    return out


def _passage(snippet: Snippet) -> dict[str, Any]:
    return {
        "field": snippet.field,
        "text": snippet.text,
        "start": snippet.start,
        "marks": [list(mark) for mark in snippet.marks],
    }
