"""The lexicon's file, a user's own table, and the fingerprint of both."""

import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from kashaf import arabic
from kashaf.arabic import letters, lexicon, overrides
from kashaf.errors import DamagedError, UsageError

ROWS = {
    "كتب": [lexicon.Entry(1, 54), lexicon.Entry(0, 37)],
    "-كتب": [lexicon.Entry(1, 60)],
}
STEMS = [lexicon.Stem("كتاب", "كتب"), lexicon.Stem("كتبَ", "كتب")]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "small.bin"
    file.write_bytes(lexicon.serialise(ROWS, STEMS))
    return file


def test_what_was_written_is_read(path: Path) -> None:
    found = lexicon.Lexicon(path)
    found.check()
    assert len(found) == 2
    assert found.all_keys() == sorted(ROWS)
    assert found.all_stems() == [found.stem(0), found.stem(1)] == STEMS
    for key, entries in ROWS.items():
        assert found.entries(key) == entries
    for unknown in ("كتاب", "\ud800", "", "\n", "كتب\n-كتب", "ي" * 40):
        assert found.entries(unknown) == []


def test_every_key_of_every_block_is_found(tmp_path: Path) -> None:
    rows = {f"كت{chr(0x627 + n // 20)}{chr(0x627 + n % 20)}": [ROWS["-كتب"][0]] for n in range(97)}
    file = tmp_path / "blocks.bin"
    file.write_bytes(lexicon.serialise(rows, STEMS * 20))
    found = lexicon.Lexicon(file)
    assert all(found.entries(key) == entries for key, entries in rows.items())
    assert found.all_keys() == sorted(rows)
    assert [found.stem(number) for number in range(40)] == STEMS * 20


def test_a_cut_or_changed_file_is_noticed(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    for length in range(1, len(whole)):
        short = tmp_path / "short.bin"
        short.write_bytes(whole[:length])
        with pytest.raises((DamagedError, ValueError)):
            lexicon.Lexicon(short)
    changed = tmp_path / "changed.bin"
    changed.write_bytes(whole[:-2] + b"??")
    with pytest.raises(DamagedError):
        lexicon.Lexicon(changed).check()


def test_the_lexicon_that_ships_is_whole() -> None:
    lexicon.Lexicon(Path(letters.DATA, "lexicon.bin")).check()


def test_own_words_win(tmp_path: Path) -> None:
    table = tmp_path / "own.tsv"
    table.write_text("كشاف  # a name\nالكويتيات\tكويتي\nشبابيك\tشباك\tشبك\n", encoding="utf-8")
    own = arabic.Analyzer.from_file(table)
    assert own.rungs("وكشاف").stem == "كشاف"
    assert own.rungs("الكويتيات").stem == "كويتي"
    assert own.rungs("شبابيك")[2:] == ("شباك", "شبك")
    assert own.rungs("مدارس") == arabic.rungs("مدارس")
    assert own.fingerprint != arabic.FINGERPRINT


@pytest.mark.parametrize("text", ["ا\tب\tج\tد\n", "ا\t\tب\n", "اب\tجد\tر\nسص\tجد\tز\n"])
def test_a_bad_table_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    table = tmp_path / "own.tsv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match="line"):
        overrides.read(table)


def test_a_table_in_another_encoding_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "own.tsv"
    table.write_bytes("كتاب".encode("cp1256"))
    with pytest.raises(UsageError, match="UTF-8"):
        overrides.read(table)


def test_the_fingerprint_is_stable() -> None:
    assert arabic.Analyzer().fingerprint == arabic.FINGERPRINT
    assert len(arabic.FINGERPRINT) == 16


def test_the_classes_agree_with_unicode() -> None:
    table = letters.classes()
    assert len(table) == 0x110000
    assert max(table) <= 7
    assert len(letters.joins()) == 64
    for char, kind in zip("كﻙaé3٣\u064e\u0640\u200f،", [2, 2, 3, 3, 4, 4, 1, 1, 1, 0], strict=True):
        assert table[ord(char)] == kind, unicodedata.name(char)


def test_the_import_does_no_work() -> None:
    code = "import sys, kashaf.arabic; print([m for m in sys.modules if m.split('.')[0] in"
    code += " ('pyarabic', 'Stemmer', 'farahidi', 'mazini', 'sqlite3')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
