"""Marks as constraints, against an oracle of ten lines."""

import random

from kashaf.arabic import compatible, has_marks

LETTERS = "كتبملسد"
VOWELS = ["", "\u064e", "\u064f", "\u0650", "\u0652"]


def masked(rng: random.Random, letters: str) -> list[tuple[str, str, str]]:
    return [(c, rng.choice(VOWELS), rng.choice(["", "", "\u0651"])) for c in letters]


def text(letters: list[tuple[str, str, str]]) -> str:
    return "".join(letter + doubled + vowel for letter, vowel, doubled in letters)


def oracle(query: list[tuple[str, str, str]], written: list[tuple[str, str, str]]) -> bool:
    for (a, vowel, doubled), (b, other, other_doubled) in zip(query, written, strict=True):
        if a != b:
            return False
        if (vowel or doubled) and (other or other_doubled):
            if doubled != other_doubled:
                return False
            if vowel and other and vowel != other:
                return False
    return True


def test_ten_thousand_pairs_of_masks() -> None:
    rng = random.Random(20)
    agreed = 0
    for _ in range(10_000):
        letters = "".join(rng.choices(LETTERS, k=rng.randint(1, 3)))
        query, written = masked(rng, letters), masked(rng, letters)
        expected = oracle(query, written)
        assert compatible(text(query), text(written)) == expected, (text(query), text(written))
        agreed += expected
    assert 1000 < agreed < 9000


def test_the_example_of_the_king() -> None:
    assert compatible("مَلِك", "ملك")
    assert compatible("مَلِك", "مَلِكِ")
    assert not compatible("مَلِك", "مُلْك")
    assert not compatible("مَلِك", "مالك")


def test_tanwin_on_or_before_the_alef_is_one() -> None:
    assert compatible("كتاباً", "كتابًا")


def test_modern_and_uthmani_spelling_can_agree() -> None:
    assert compatible("الصَّلَاةَ", "ٱلصَّلَوٰةَ")
    assert compatible("آمَنُوا", "ءَامَنُوا۟")
    assert not compatible("آمِنُوا", "ءَامَنُوا۟")


def test_has_marks() -> None:
    assert has_marks("كتّاب")
    assert not has_marks("كتـاب")
