"""From the orthography of the Quran to modern spelling.

The Uthmani orthography leaves many long vowels to small letters above the line, writes some
with a letter that is not sounded, and sets hamza on no letter at all. What stands there in
modern spelling is decided by the letters and vowels around it; the few words that modern
spelling, too, writes without their alef (هذا ذلك لكن إله الرحمن) are a closed list.
"""

import functools

from ..hints import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    Becomes = str | Callable[[re.Match[str]], str]

FATHA, DAMMA, KASRA, SHADDA = "\u064e", "\u064f", "\u0650", "\u0651"
SUKUN, SMALL_SUKUN = "\u0652", "\u06e1"
DAGGER_ALEF, HAMZA_ABOVE, SILENT = "\u0670", "\u0654", "\u06df"
SMALL_WAW, SMALL_YEH, HIGH_YEH, HIGH_NOON = "\u06e5", "\u06e6", "\u06e7", "\u06e8"

_VOWEL = "[\u064b-\u0652]"
_V = f"{_VOWEL}*"
_LETTER = "[\u0621-\u063a\u0641-\u064a\u0671]"
_THEN_LETTER = f"(?=[^\u0621]*?{_LETTER})"
_CLITICS = f"^(?:[أوفبكل]{_VOWEL}*)*"

_SIGNS = frozenset(
    "\u0654\u0655\u0670\u0671\u06df\u06e0\u06e1" + SMALL_WAW + SMALL_YEH + HIGH_YEH + HIGH_NOON
)


def is_uthmani(word: str) -> bool:
    """Whether a word carries a sign that modern spelling does without."""
    return not _SIGNS.isdisjoint(word) or "ءَا" in word


def _seat_hamza(found: "re.Match[str]") -> str:
    """The letter that carries a hamza written above the line: alef by fatha, else yeh.

    After ي or kasra it sits on yeh (شَيْـًٔا شيئا, خَٰطِـِٔينَ خاطئين), but for the root يءس.
    Waw is not told from yeh: both fold to ء.
    """
    letter, before, after, alef = found.group("letter", "before", "after", "alef")
    rest = DAGGER_ALEF if DAGGER_ALEF in after else ""
    on_yeh = letter in "يى" and found["seen"] is None and DAGGER_ALEF not in before
    on_alef = FATHA in after and KASRA not in before and not on_yeh
    seat = "أ" + rest if on_alef and not alef else "آ" if on_alef else "ئ" + rest + alef
    return letter + before + seat


def _rule(pattern: str, becomes: "Becomes") -> "tuple[re.Pattern[str], Becomes]":
    import re  # late: a search for words of our day does without

    return re.compile(pattern), becomes


@functools.cache
def _idle() -> "re.Pattern[str]":
    """Signs that no rule looks at."""
    import re

    return re.compile("[\u0653\u0655-\u065f\u06d6-\u06dc\u06e0\u06e2-\u06e4\u06ea-\u06ed]")


@functools.cache
def _rules() -> "tuple[tuple[re.Pattern[str], Becomes], ...]":
    """The rewritings, in their order."""
    return (
        # Hamza on tatweel or on nothing.
        _rule(f"ى{_VOWEL}*{HAMZA_ABOVE}", "ئ"),
        _rule(
            f"(?P<letter>{_LETTER})(?P<before>[\u064b-\u0652{DAGGER_ALEF}]*)\u0640"
            f"(?P<after>[\u064b-\u0652]*{HAMZA_ABOVE}\u0640?[\u064b-\u0652{DAGGER_ALEF}]*)"
            "(?P<alef>ا?)(?P<seen>(?=س))?",
            _seat_hamza,
        ),
        # Letters that are not sounded: لِشَا۟ىْءٍ لشيء, لَأَا۟ذْبَحَنَّهُۥ لأذبحنه, ٱلضُّعَفَـٰٓؤُا۟ الضعفاء, تَفْتَؤُا۟ تفتأ.
        _rule("\u0640", ""),
        _rule(f"ا{SILENT}(?={_VOWEL}*[يى])|(?<=أ{FATHA})ا{SILENT}|[يى]{SILENT}", ""),
        _rule(f"(?<=[ا{DAGGER_ALEF}])ؤ{_VOWEL}ا{SILENT}$", "ء"),
        _rule(f"ؤ{_VOWEL}ا{SILENT}$", "أ"),
        # One lam for two: ٱلَّيل الليل, ٱلَّٰتِى اللاتي.
        _rule(f"(?<=[ٱل])ل{FATHA}?{SHADDA}(?={FATHA}?{DAGGER_ALEF}|ي{FATHA}?ل)", "لل"),
        # Hamza and alef: رَءَا رأى, ءَامَنَ آمن.
        _rule(f"(?<=ر{FATHA})ء{FATHA}ا$", "أى"),
        _rule(f"(?<!ا)ء{FATHA}[ا{DAGGER_ALEF}]", "آ"),
        # Alef written with waw or yeh: ٱلصَّلَوٰةَ الصلاة, ٱلرِّبَوٰا۟ الربا, هَدَىٰهُمْ هداهم, ٱلْهُدَىٰ الهدى.
        _rule(f"و{DAGGER_ALEF}(?:ا{SILENT})?", "ا"),
        _rule(f"[يى]{DAGGER_ALEF}{_THEN_LETTER}", "ا"),
        _rule(f"[يى]{DAGGER_ALEF}$", "ى"),
        # Words whose alef modern spelling leaves out as well, and then every other dagger alef.
        _rule(f"({_CLITICS}ه{_V}){DAGGER_ALEF}(?=ذ|ؤ{_V}ل|ك{_V}ذ|ه{_V}ن)", r"\1"),
        _rule(f"({_CLITICS}ذ{_V}){DAGGER_ALEF}(?=ل)", r"\1"),
        _rule(f"({_CLITICS}ل{_V}){DAGGER_ALEF}(?=ك{_V}ن)", r"\1"),
        _rule(f"(أ{_V}و{SILENT}?ل{_V}){DAGGER_ALEF}(?=ئ)", r"\1"),
        _rule(f"(ر{_V}ح{_V}م{_V}){DAGGER_ALEF}(?=ن)", r"\1"),
        _rule(f"(ل{_V}){DAGGER_ALEF}(?=ه)", r"\1"),
        _rule(f"^(ط{_V}){DAGGER_ALEF}(?=ه)|^(ي{_V}){DAGGER_ALEF}(?=س{_V}$)", r"\1\2"),
        _rule(DAGGER_ALEF, "ا"),
        # Small letters: إِبْرَٰهِۦمَ إبراهيم, يَسْتَحْىِۦ يستحيي, دَاوُۥدُ داود, ٱلْغَاوُۥنَ الغاوون, لَهُۥ له.
        _rule(f"(?<=[يى]{KASRA}){SMALL_YEH}$|{SMALL_YEH}{_THEN_LETTER}|{HIGH_YEH}", "ي"),
        _rule(f"(?<=او{DAMMA}){SMALL_WAW}(?=د)|[{SMALL_WAW}{SMALL_YEH}]$", ""),
        _rule(f"{SMALL_WAW}{_THEN_LETTER}", "و"),
        _rule(HIGH_NOON, "ن"),
    )


def modern(word: str) -> str:
    """A word of the Quran in modern spelling, some of its vowel marks left on.

    Args:
        word: a word for which `is_uthmani` is true; others may change as well, since
            a vowelled ءَا is read as آ.
    """
    from unicodedata import normalize

    word = _idle().sub("", normalize("NFC", word)).replace(SMALL_SUKUN, SUKUN)
    for pattern, becomes in _rules():
        word = pattern.sub(becomes, word)
    return word
