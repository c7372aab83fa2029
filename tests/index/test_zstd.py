"""The compiled half of `zstandard` is one with the whole, and comes without it."""

import subprocess
import sys

import pytest

ORDERS = ["from kashaf.index.zstd import zstandard as own; import zstandard"]
ORDERS += ["import zstandard; from kashaf.index.zstd import zstandard as own"]


@pytest.mark.parametrize("order", ORDERS)
def test_whoever_is_first(order):
    code = f"""{order}
assert own.ZstdError is zstandard.ZstdError
packed = zstandard.ZstdCompressor().compress(b"abc" * 100)
assert own.ZstdDecompressor().decompress(packed) == b"abc" * 100
assert own.frame_content_size(packed) == 300
assert zstandard.backend_c.ZstdError is zstandard.ZstdError
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_comes_alone():
    code = "import sys; from kashaf.index.zstd import zstandard"
    code += "; print({'zstandard', 'zstandard.backend_c', 'platform'} & {*sys.modules})"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout == "set()\n"
