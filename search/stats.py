"""What an index holds and how large it is."""

from __future__ import annotations

from typing import Any

from .. import arabic, kernels
from .index import Index


def stats_of(index: Index) -> dict[str, Any]:
    """Counts and sizes, by name. Sizes are in bytes."""
    snapshot = index.snapshot
    directory = snapshot.directory
    text: dict[str, int] = {}
    for segment in snapshot.segments:
        for field, postings in segment.text.items():
            text[field] = text.get(field, 0) + postings.tokens
    return {
        "documents": len(index),
        "deleted": sum(entry.deleted for entry in snapshot.commit.segments),
        "segments": len(snapshot.segments),
        "words": text,
        "terms": sum(segment.vocabulary.terms for segment in snapshot.segments),
        "roots": sum(segment.vocabulary.groups for segment in snapshot.segments),
        "fields": {name: index.schema[name].kind for name in index.schema},
        "bytes": sum(directory.size(name) for name in snapshot.commit.files()),
        "generation": snapshot.generation,
        "analysis": arabic.FINGERPRINT,
        "kernels": "compiled" if kernels.native else "numpy",
    }
