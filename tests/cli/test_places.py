"""Where the index is: as told, as set, the nearest upwards, or new and here."""

from kashaf import cli


def test_a_new_one_is_made_here(run, files, elsewhere):
    files({"a.txt": "خبر"})
    run("index", "a.txt")
    assert (elsewhere / ".kashaf").is_dir()


def test_without_one_a_search_tells_how_to_make_one(run):
    told = run("search", "كتاب")
    assert told.code == cli.MISUSE
    assert told.err == (
        "kashaf: there is no index here or above: make one with 'kashaf index FOLDER', "
        "or name one with --index\n"
    )


def test_the_nearest_upwards_is_found(run, library, elsewhere, monkeypatch):
    deep = elsewhere / "library" / "akhbar"
    monkeypatch.chdir(deep)
    assert run("search", "كتاب").code == cli.FOUND
    run("index", "-q", ".")
    assert not (deep / ".kashaf").exists()
    assert run("stats").lines[0] == "documents    5"


def test_the_variable_goes_before_the_nearest(run, library, files, elsewhere, monkeypatch):
    files({"a.txt": "زرافة"})
    monkeypatch.setenv("KASHAF_INDEX", str(elsewhere / "فهرس آخر"))
    assert run("index", "a.txt").code == 0
    assert run("stats").lines[0] == "documents    1"


def test_the_option_goes_before_the_variable(run, library, elsewhere, monkeypatch):
    monkeypatch.setenv("KASHAF_INDEX", str(elsewhere / "nowhere"))
    assert run("search", "--index", library, "كتاب").code == cli.FOUND


def test_one_that_is_named_and_not_there(run, elsewhere):
    told = run("search", "--index", elsewhere / "nowhere", "كتاب")
    assert told.code == cli.FAILED
    assert "there is no index at" in told.err


def test_names_with_spaces_and_arabic(run, files, elsewhere):
    files({"مجلّد فيه مسافة/ملف عربي.txt": "عنوان\nنص فيه زرافة"})
    assert run("index", "مجلّد فيه مسافة", "--index", "فهرسي أنا").code == 0
    told = run("search", "زرافة", "--index", "فهرسي أنا")
    assert "مجلّد فيه مسافة/ملف عربي.txt" in told.out
    assert run("show", "مجلّد فيه مسافة/ملف عربي.txt", "--index", "فهرسي أنا").code == 0
