"""What the tests of the readers share: fifty Arabic texts, written for them."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """Return fifty texts: news, law, verse, tables, dialect, marks, other scripts between."""
    source = Path(__file__).with_name("texts.txt").read_text(encoding="utf-8")
    return [text.strip("\n") for text in source.split("%%\n")]
