"""A plain search does without NumPy, whose import takes longer than the search."""

import subprocess
import sys

import kashaf
import pytest
from kashaf import kernels

TEXTS = ["كتاب جديد في المدرسة", "مدارس المدينة الجديدة", "بيت كبير"]
PROGRAM = """
import sys
import kashaf
index = kashaf.open(sys.argv[1])
for query in sys.argv[2:]:
    page = index.search(query)
    assert page.hits and all(hit.id and hit.fields and hit.snippet.text for hit in page)
print([name for name in ("numpy", "whoosh") if name in sys.modules])
"""


@pytest.mark.skipif(not kernels.native, reason="the twins are made of NumPy")
@pytest.mark.parametrize(
    "queries", [["مدرسة"], ["متى بني بيت المدينة"], ['"كتاب جديد"'], ['بيت "كتاب جديد"']]
)
def test_a_plain_search_takes_neither_numpy_nor_a_parser(tmp_path, queries):
    index = kashaf.create(tmp_path / "index")
    with index.writer() as writer:
        for number, text in enumerate(TEXTS):
            writer.add({"id": str(number), "body": text})
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "index"), *queries],
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[]\n", done.stderr
