"""What is imported when: starting fast is a promise of the command line."""

import subprocess
import sys

import kashaf
import kashaf.kernels
import pytest


def loaded(code, *modules):
    """Which of some modules a fresh interpreter has after running code."""
    report = f"{code}\nimport sys; print(*[m for m in {modules!r} if m in sys.modules])"
    told = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return told.stdout.splitlines()[-1].split()


def test_import_kashaf_is_light():
    assert loaded("import kashaf", "numpy", "whoosh", "click", "kashaf.search") == []


def test_help_needs_no_engine():
    code = "from kashaf.cli import _run; assert _run(['--help']) == 0"
    assert loaded(code, "numpy", "whoosh", "kashaf.search") == []


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("small") / "index"
    with kashaf.create(place).writer() as writer:
        writer.add(id="1", title="المكتبة", body="قرأ الطالب كتابا في مكتبة المدينة")
    return str(place)


def searching(place, query):
    arguments = ["search", "--index", place, query]
    return f"from kashaf.cli import _run; assert _run({arguments!r}) == 0"


def test_plain_words_need_no_parser(place):
    assert loaded(searching(place, "كتب المدينة"), "whoosh", "selectolax") == []


def test_a_page_of_words_needs_no_numpy(place):
    code = f"import kashaf; page = kashaf.open({place!r}).search('كتب المدينة')"
    code += "; assert page.total == 1; assert page[0].snippet.marks"
    names = ["numpy"] if kashaf.kernels.native else []
    assert loaded(code, *names) == []


def test_syntax_brings_the_parser(place):
    assert loaded(searching(place, "كتب AND المدينة"), "whoosh") == ["whoosh"]
