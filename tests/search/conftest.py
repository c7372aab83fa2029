"""The sample library, indexed once."""

from pathlib import Path

import kashaf
import pytest
from kashaf.index.intake import take_in
from kashaf.index.readers import Options

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def library():
    """The sample documents in three segments, one of them deleted."""
    index = kashaf.create()
    folders = sorted(path for path in EXAMPLES.iterdir() if path.name != "README.md")
    for part in (folders[:5], folders[5:9], folders[9:]):
        with index.writer() as writer:
            take_in(writer, [str(path) for path in part], EXAMPLES, Options(), {}, None)
    index.refresh()
    with index.writer() as writer:
        writer.delete("arsh-020")
    index.refresh()
    return index
