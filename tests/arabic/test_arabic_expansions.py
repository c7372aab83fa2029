"""Names of months, people and numbers."""

import pytest
from kashaf.arabic import KINDS, expansions, numbers


def alternatives(query: str, kind: str) -> set[str]:
    found = expansions(query.split(), (kind,))
    return {" ".join(words) for each in found for words in each.alternatives}


MONTHS = [
    ("يناير", "كانون الثاني", "جانفي"),
    ("فبراير", "شباط", "فيفري"),
    ("مارس", "اذار"),
    ("ابريل", "نيسان", "افريل"),
    ("مايو", "ايار"),
    ("يونيه", "حزيران"),
    ("يوليو", "تموز", "جويليه", "يوليوز"),
    ("اغسطس", "غشت"),
    ("سبتمبر", "ايلول", "شتنبر"),
    ("اكتوبر", "تشرين الاول"),
    ("نوفمبر", "تشرين الثاني", "نونبر"),
    ("ديسمبر", "كانون الاول", "دجنبر"),
]


@pytest.mark.parametrize("names", MONTHS)
def test_every_name_of_a_month_offers_the_others(names: tuple[str, ...]) -> None:
    for name in names:
        assert set(names) - {name} <= alternatives(name, "months")


def test_bare_words_that_are_months_elsewhere_are_left_alone() -> None:
    for word in ("آب", "الثاني", "كانون", "تشرين", "ماي", "صفر", "النار", "ناصر", "اب"):
        assert not expansions([word], ("months",)), word
    assert "اب" not in alternatives("أغسطس", "months")


def test_a_month_after_a_preposition() -> None:
    assert "جانفي" in alternatives("ليناير", "months")
    assert "يناير" in alternatives("بكانون الثاني", "months")
    assert "ايار" in alternatives("ومايو", "months")
    for word in ("لأب", "بماي", "كتموز الثاني", "وصفر", "بارس"):
        assert "يناير" not in alternatives(word, "months")


def test_a_doubtful_month_counts_beside_a_number() -> None:
    assert "مايو" in alternatives("8 ماي 1945", "months")
    assert "5" in alternatives("8 ماي 1945", "months")
    assert "اغسطس" in alternatives("شهر آب", "months")


def test_names_apart_and_joined() -> None:
    assert "عبد الله" in alternatives("عبدالله", "names")
    assert "عبدالله" in alternatives("عبد الله", "names")
    assert {"ابا بكر", "ابي بكر"} <= alternatives("أبو بكر", "names")
    assert "بن" in alternatives("ابن خلدون", "names")
    assert "ابن" in alternatives("محمد بن سلمان", "names")


@pytest.mark.parametrize("words", ["أبواب", "عبد", "عبدة", "أبوه", "ابن", "بنت"])
def test_what_only_looks_like_a_name(words: str) -> None:
    assert not expansions(words.split(), ("names",))


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("ألف وتسعمئة وثلاثة وسبعون", "1973"),
        ("ألف وتسعمائة وثلاثة وسبعين", "1973"),
        ("ألفان وعشرون", "2020"),
        ("ثلاث عشرة", "13"),
        ("خمسة آلاف", "5000"),
        ("ثلاثمائة وخمسون ألفا", "350000"),
        ("سبعة", "7"),
    ],
)
def test_numbers_in_words(words: str, digits: str) -> None:
    assert digits in alternatives(words, "numbers")


def test_numerals_are_known_by_their_beginnings() -> None:
    assert all(map(numbers.may_be_numeral, numbers.values()))
    assert numbers.value_of("واحد", first=False) == 1
    assert numbers.value_of("وواحد", first=False) == 1


def test_a_doubtful_numeral_alone_is_left_alone() -> None:
    assert not expansions(["أحد"], ("numbers",))


def test_signs_and_vocatives() -> None:
    assert "صلي الله عليه وسلم" in alternatives("ﷺ", "ligatures")
    assert "ياايها" in alternatives("يا أيها", "vocative")


def test_each_kind_can_be_switched_off() -> None:
    query = ["عبد", "الله", "7", "يوليو", "ألفان", "وعشرون"]
    assert {each.kind for each in expansions(query)} == {"names", "months", "numbers"}
    for kind in KINDS:
        rest = [each for each in KINDS if each != kind]
        assert all(each.kind != kind for each in expansions(query, rest))
    assert expansions(["أخبار", "الرياضة", "في", "تونس"]) == []
