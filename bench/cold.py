"""Answers one query with a page of snippets and ends: what a cold start takes.

cold.py ENGINE INDEX QUERY
"""

import sys
from pathlib import Path

import engines

engine = engines.load(sys.argv[1])
engine.open(Path(sys.argv[2]))
for title, snippet in engine.page(sys.argv[3], 10):
    print(title, snippet, sep="\n", end="\n\n")
