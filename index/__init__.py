"""Documents in, segments out: schema, writer, vocabulary, postings, commits, merges, check.

Not for: reading Arabic (that is `kashaf.arabic`), or anything a query means.
"""

from ..hints import TYPE_CHECKING, Any
from .corpus import Corpus
from .schema import Field, Schema
from .snapshot import Snapshot

if TYPE_CHECKING:
    from .writer import Writer

__all__ = ["Corpus", "Field", "Schema", "Snapshot", "Writer"]


def __getattr__(name: str) -> Any:
    """Import the writer when it is first asked for: a search needs none of what it takes."""
    if name != "Writer":
        raise AttributeError(f"module 'kashaf.index' has no attribute {name!r}")
    from .writer import Writer

    globals()[name] = Writer
    return Writer
