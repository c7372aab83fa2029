"""What a plain query needs of the package, and what it must not wait for."""

import subprocess
import sys
from pathlib import Path

import kashaf

LATE = (
    *("numpy", "hashlib", "pathlib", "pyarabic", "Stemmer", "unicodedata", "gzip"),
    *("farahidi", "mazini", "sqlite3", "kashaf.arabic.tables", "kashaf.arabic.explanation"),
)

PLAIN_QUERY = """
import sys
from kashaf import arabic
for text in ("أخبار الرياضة في تونس", "كَتَبَ الطالبُ", "كانون الثاني", "عبدالله بن سلمان"):
    found = [word.text for word in arabic.words(text)]
    for word in found:
        arabic.rungs(word), arabic.readings(word), arabic.has_marks(word), arabic.fold(word)
        arabic.compatible(word, word)
    arabic.expansions(found)
arabic.FINGERPRINT
print(*[name for name in sys.argv[1:] if name in sys.modules])
"""


def test_a_plain_query_loads_little(tmp_path: Path) -> None:
    """Nothing but what Python itself loads, whatever stands in site-packages."""
    (tmp_path / "kashaf").symlink_to(Path(kashaf.__file__).parent, target_is_directory=True)
    path = [str(tmp_path), *sys.path]
    code = f"import sys; sys.path[:0] = {path!r}\n{PLAIN_QUERY}"
    command = [sys.executable, "-I", "-S", "-c", code, *LATE]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout.split() == []
