"""Documents in, segments out: schema, writer, vocabulary, postings, commits, merges, check.

Not for: reading Arabic (that is `kashaf.arabic`), or anything a query means.
"""

from .corpus import Corpus
from .schema import Field, Schema
from .snapshot import Snapshot
from .writer import Writer

__all__ = ["Corpus", "Field", "Schema", "Snapshot", "Writer"]
