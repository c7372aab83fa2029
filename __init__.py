"""Kashaf (كشّاف): full-text search that reads Arabic the way its readers do.

>>> import kashaf
>>> index = kashaf.create()
>>> with index.writer() as writer:
...     _ = writer.add(id="1", title="المكتبة", body="قرأ الطالبُ الكُتُبَ في مكتبة المدينة.")
>>> index.refresh()
True
>>> [hit.id for hit in index.search("كتاب")]
['1']
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in `hints`: `import kashaf` itself costs nothing
__version__ = "0.1.0"

__all__ = [
    "Field",
    "Hit",
    "Index",
    "KashafError",
    "Page",
    "Ranking",
    "Schema",
    "Snippet",
    "__version__",
    "create",
    "open",
]

if TYPE_CHECKING:
    from typing import Any

    from .errors import KashafError
    from .index import Field, Schema
    from .search import Hit, Index, Page, Ranking, Snippet, create, open

_HOMES = {"KashafError": ".errors", "Field": ".index", "Schema": ".index"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `import kashaf` itself costs nothing."""
    if name not in __all__:
        raise AttributeError(f"module 'kashaf' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOMES.get(name, ".search"), __name__), name)
    globals()[name] = value
    return value
