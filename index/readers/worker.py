"""The process that `apart` starts: reads files from its input, answers with a line of JSON each.

It ends when its input does, which is when the process that started it ends.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from .dispatch import read_with
from .model import Limits, Options, Skipped, bytes_source


def main() -> None:
    """Answer until there is no more to read."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a parser prints must not be taken for an answer
    while line := source.readline():
        head = json.loads(line)
        data = source.read(head["size"])
        options = _options(head["options"])
        _limit_memory(options.limits.memory + 2 * len(data))
        items = [
            {"skipped" if isinstance(item, Skipped) else "document": asdict(item)}
            for item in read_with(head["module"], bytes_source(head["name"], data), options)
        ]
        answers.write(json.dumps(items).encode() + b"\n")
        answers.flush()


def _options(stated: dict[str, Any]) -> Options:
    return Options(**{**stated, "limits": Limits(**stated["limits"])})


def _limit_memory(size: int) -> None:
    """Let the process have so much memory and no more, where the system can see to that."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = size if hard == resource.RLIM_INFINITY else min(size, hard)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))


if __name__ == "__main__":
    main()
