"""What of a folder is taken: ignore rules, hidden files, links, strange names, what is closed."""

import os

import pytest
from kashaf.errors import UsageError
from kashaf.index.intake import Rules

NOT_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")


def test_hidden_files_are_left_out(shelf):
    shelf.put(".مخفي.txt", "سر")
    shelf.put(".git/config", "سر")
    shelf.write(ظاهر="نص")
    shelf.take()
    assert shelf.ids() == {"ظاهر.txt"}
    shelf.take(rules=Rules(hidden=True))
    assert shelf.ids() == {".مخفي.txt", ".git/config", "ظاهر.txt"}


def test_a_hidden_file_that_is_named_is_taken(shelf):
    shelf.take(shelf.put(".مخفي.txt", "سر"))
    assert shelf.ids() == {".مخفي.txt"}


IGNORED = """\
# مسودات
مسودات/
*.bak.txt
!مهم.bak.txt
/جذر.txt
**/قديم/**/*.txt
"""


def test_ignore_rules(shelf):
    shelf.put(".kashafignore", IGNORED)
    for name in ("أ.txt", "جذر.txt", "ب.bak.txt", "مهم.bak.txt", "مسودات/أ.txt", "ج/جذر.txt"):
        shelf.put(name, "نص")
    shelf.put("ج/قديم/د/هـ.txt", "نص")
    shelf.take()
    assert shelf.ids() == {"أ.txt", "مهم.bak.txt", "ج/جذر.txt"}


def test_the_deepest_rules_count(shelf):
    shelf.put(".kashafignore", "*.txt\n")
    shelf.put("ج/.kashafignore", "!مهم.txt\n")
    for name in ("أ.txt", "ج/أ.txt", "ج/مهم.txt", "ج/د/مهم.txt"):
        shelf.put(name, "نص")
    shelf.take()
    assert shelf.ids() == {"ج/مهم.txt", "ج/د/مهم.txt"}


def test_rules_above_hold_for_a_folder_that_is_named(shelf):
    shelf.put(".kashafignore", "ج/*.bak.txt\n")
    for name in ("ج/أ.txt", "ج/ب.bak.txt"):
        shelf.put(name, "نص")
    shelf.take(shelf.folder / "ج")
    assert shelf.ids() == {"ج/أ.txt"}


def test_patterns_of_the_caller(shelf):
    shelf.write(أ="نص", ب="نص")
    shelf.take(rules=Rules(ignore=("نصوص/ب.*",)))
    assert shelf.ids() == {"أ.txt"}


def test_what_is_ignored_from_now_on_is_removed(shelf):
    shelf.write(أ="نص", ب="نص")
    shelf.take()
    shelf.put(".kashafignore", "ب.txt\n")
    assert shelf.take().removed == 1


def test_rules_that_are_none_are_told(shelf):
    (shelf.folder / ".kashafignore").mkdir()
    with pytest.raises(UsageError, match=r"cannot read .*\.kashafignore: "):
        shelf.take()


def test_the_index_is_not_taken_in(shelf):
    shelf.write(أ="نص")
    shelf.take(shelf.home)
    assert shelf.ids() == {"أ.txt"}
    assert shelf.skips() == []


def test_links_to_folders(shelf):
    shelf.write(ج__أ="نص")
    (shelf.folder / "ج" / "حلقة").symlink_to(shelf.folder)
    (shelf.folder / "د").symlink_to(shelf.folder / "ج")
    shelf.take()
    assert shelf.ids() == {"ج/أ.txt"}
    assert shelf.skips() == [("ج/حلقة", "unsafe"), ("د", "unsafe")]
    shelf.take(rules=Rules(follow=True))
    assert shelf.ids() == {"ج/أ.txt", "د/أ.txt"}


def test_links_to_files(shelf):
    shelf.write(أ="نص")
    (shelf.folder / "ب.txt").symlink_to("أ.txt")
    (shelf.folder / "دائرة.txt").symlink_to("دائرة.txt")
    (shelf.folder / "مكسور.txt").symlink_to("لا شيء")
    shelf.take()
    assert shelf.ids() == {"أ.txt", "ب.txt"}
    assert shelf.skips() == [("دائرة.txt", "unreadable"), ("مكسور.txt", "unreadable")]


def test_a_link_that_is_mended_is_read(shelf):
    (shelf.folder / "ب.txt").symlink_to("أ.txt")
    shelf.take()
    shelf.write(أ="نص")
    shelf.take()
    assert shelf.ids() == {"أ.txt", "ب.txt"}
    assert shelf.skips() == []


@NOT_ROOT
def test_a_closed_folder_is_told_and_its_documents_stay(shelf):
    shelf.write(أ="نص", ج__ب="نص")
    shelf.take()
    (shelf.folder / "ج").chmod(0)
    try:
        report = shelf.take()
    finally:
        (shelf.folder / "ج").chmod(0o755)
    assert report.removed == 0
    assert shelf.skips() == [("ج", "unreadable")]
    shelf.take()
    assert (shelf.ids(), shelf.skips()) == ({"أ.txt", "ج/ب.txt"}, [])


def test_a_folder_that_cannot_be_entered(shelf, monkeypatch):
    """The same, where the tests run as root."""
    shelf.write(أ="نص", ج__ب="نص")
    shelf.take()
    scandir = os.scandir

    def closed(folder):
        if str(folder).endswith("ج"):
            raise PermissionError(13, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", closed)
    assert shelf.take().removed == 0
    assert shelf.skips() == [("ج", "unreadable")]
    monkeypatch.undo()
    shelf.take()
    assert (shelf.ids(), shelf.skips()) == ({"أ.txt", "ج/ب.txt"}, [])


def test_special_files(shelf, outcome):
    os.mkfifo(shelf.folder / "أنبوب")
    shelf.write(أ="نص")
    assert outcome(shelf.take()) == (1, 0, 0, 0)
    assert shelf.skips() == [("أنبوب", "unreadable")]


def test_names_in_other_encodings(shelf):
    names = ["كتاب.txt".encode("cp1256"), b"\xff.txt", b"\xfe.txt", "سطر\nآخر.txt".encode()]
    for name in names:
        shelf.put(os.fsdecode(name), "خبر\nنص")
    shelf.take()
    assert len(shelf.ids()) == 4
    assert {"\\xff.txt", "\\xfe.txt"} <= shelf.ids()
    assert shelf.take().added == 0
    (shelf.folder / os.fsdecode(names[0])).unlink()
    assert shelf.take().removed == 1


def test_a_very_deep_folder(shelf):
    shelf.put("/".join(["ع"] * 300) + "/قاع.txt", "نص")
    assert shelf.take().added == 1
    assert shelf.take().unchanged == 1


def test_the_order_is_that_of_the_manifest(shelf):
    """A name that begins like a folder's, and goes on with a sign that comes before the slash."""
    for name in ("أ/ب.txt", "أ-ب.txt", "أ.txt", "أ b/ج.txt", "أ/ب/ج.txt"):
        shelf.put(name, "نص")
    assert shelf.take().added == 5
    assert shelf.take().read == 0
