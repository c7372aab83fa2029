"""The ladder: what each rung promises for any string."""

import random
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.arabic import clitics, foreign
from kashaf.arabic.analyzer import FEW
from kashaf.arabic.lexicon import Stem
from kashaf.arabic.overrides import Overrides
from kashaf.arabic.spelling import fold
from kashaf.arabic.words import words

settings.register_profile("arabic", deadline=None)
settings.load_profile("arabic")

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي" + "ءأإآؤئىة" + "ًٌٍَُِّْـ" + "ٰٱۥۦ۟ۡٔ"
arabic_words = st.text(alphabet=ARABIC, min_size=1, max_size=12)
SPECIAL = ["ئ", "شئ", "شيئَ", "ءامنوا", "ءَامَنَ", "ٔب", "أأنت", "َ", "\0", "ا\0ب", "ا\nب"]
OWN = {"كشاف": Stem("كشاف", "كشف"), "كتبت": Stem("كتبَ", "كتب"), "مدارس": Stem("مدرسه", "درب")}
anything = st.text(st.characters(exclude_categories=()), max_size=40)


@given(anything | arabic_words)
@example("")
@example("\0")
@example("\ud800")
@example("ﷺ﷽﷼")
@example("ءَأَمِنتُم")
def test_folding_a_folded_word_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)


@given(anything | arabic_words)
@example("\u06e5")
def test_any_string_goes_through_everything(word: str) -> None:
    rungs = arabic.rungs(word)
    assert all("\0" not in rung for rung in rungs)
    assert bool(rungs.spelling) == bool(word.replace("\0", ""))
    readings = arabic.readings(word)
    assert readings[0] == (rungs.stem, rungs.root, 1.0)
    assert arabic.explain(word).rungs == rungs
    arabic.has_marks(word)
    arabic.expansions([word, word])
    assert arabic.compatible(word, word)


@given(arabic_words)
def test_each_rung_is_a_function_of_the_one_below(word: str) -> None:
    rungs = arabic.rungs(word)
    again = arabic.rungs(rungs.spelling)
    assert (again.stem, again.root) == (rungs.stem, rungs.root)


def test_one_stem_has_one_root() -> None:
    roots: dict[str, set[str]] = {}
    for stem, root in arabic.Analyzer()._lexicon.all_stems():
        roots.setdefault(stem, set()).add(root)
    assert all(len(found) == 1 for found in roots.values())


@pytest.fixture(scope="module", params=[{}, OWN], ids=["lexicon", "own"])
def fast(request: pytest.FixtureRequest) -> arabic.Analyzer:
    """An analyzer that reads words by its ladder."""
    analyzer = arabic.Analyzer(Overrides(request.param, "own"))
    analyzer.rungs_of(["باب"] * FEW)
    return analyzer


def one_by_one(analyzer: arabic.Analyzer, word: str) -> tuple[str, str]:
    """The slow way, which lists all candidates."""
    spelling = fold(word)
    candidates = analyzer.candidates(word)
    return candidates[0][1:3] if candidates else foreign.stem_and_root(spelling)


@given(st.lists(arabic_words | anything | st.sampled_from(SPECIAL), max_size=20))
def test_fast_as_one_by_one(fast: arabic.Analyzer, many: list[str]) -> None:
    for word, rungs in zip(many, fast.rungs_of(many), strict=True):
        assert rungs[:2] == (word.replace("\0", ""), fold(word))
        assert rungs[2:] == one_by_one(fast, word)
        assert rungs == fast.rungs(word)


def test_known_words_between_affixes_fast_as_one_by_one(fast: arabic.Analyzer) -> None:
    rng = random.Random(7)
    cores = rng.sample(fast._lexicon.all_keys(), 2500)
    before, after = [*clitics.PROCLITICS, ""], [*clitics.ENCLITICS, *clitics.NOUN_ENDINGS, "", "وا"]
    forms = [rng.choice(before) + core.lstrip("+-") + rng.choice(after) for core in cores]
    for word, rungs in zip(forms, fast.rungs_of(forms), strict=True):
        assert rungs[2:] == one_by_one(fast, word), word


def test_every_character_is_folded_alike(fast: arabic.Analyzer) -> None:
    """Of the block of Arabic, at the beginning, inside and at the end of a word."""
    block = [chr(code) for code in range(0x5F0, 0x710)]
    words = [
        before + char + after for char in block for before in ("", "با") for after in ("", "ب")
    ]
    words += [before + char + mark for char in block for before in ("", "با") for mark in "َ‍"]
    for word, rungs in zip(words, fast.rungs_of(words), strict=True):
        assert rungs.spelling == fold(word), ascii(word)


def test_a_very_long_word() -> None:
    word = "و" * 1_000_000
    assert arabic.rungs(word).spelling == word
    assert len(words(word)) == 1
    assert arabic.rungs("a" * 1_000_000).root == "a" * 1_000_000


@given(anything | st.text(alphabet=ARABIC + " .،؟3٣aBé", max_size=40))
def test_words_are_cut_from_the_text_at_word_borders(text: str) -> None:
    end = 0
    for word in words(text):
        assert text[word.start : word.end] == word.text
        assert end <= word.start < word.end
        end = word.end
    assert re.sub(r"\s", "", text).isspace() or len(words(text)) <= len(text)


def test_where_words_begin_and_end() -> None:
    text = "قال: الـ16 وcovid19 محمدﷺ، قَالُوا۟ 3٫14 الFacebook"
    expected = "قال الـ 16 و covid19 محمد ﷺ قَالُوا۟ 3 14 ال Facebook"
    assert [word.text for word in words(text)] == expected.split()


def test_words_of_other_scripts() -> None:
    assert arabic.rungs("École")[1:] == ("ecole", "ecol", "ecol")
    assert arabic.rungs("Running")[1:] == ("running", "run", "run")
    assert arabic.rungs("١٩٧٣")[1:] == ("1973", "1973", "1973")
    assert arabic.rungs("Straße").spelling == "strasse"
    assert arabic.rungs("ﻻ").spelling == "لا"


def test_the_examples_of_the_ladder() -> None:
    rungs = arabic.rungs("فَالمَدارِسُ")
    assert rungs == ("فَالمَدارِسُ", "فالمدارس", "مدرسه", "درس")
    assert arabic.rungs("مدرستهم").stem == rungs.stem
    assert arabic.rungs("دراسة").root == rungs.root


def test_an_explanation_names_what_was_cut() -> None:
    found = arabic.explain("وَبِالمطابعِ")
    assert found.readings[0].proclitic in ("وبال", "")
    assert found.stem_rule in ("split", "lexicon")
    assert "marks: dropped" in found.foldings
    assert arabic.explain("running").stem_rule == "snowball"
