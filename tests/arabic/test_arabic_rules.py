"""A change of rules or of the lexicon that changes a rung must raise `RULES`."""

import hashlib

from kashaf import arabic
from kashaf.arabic import clitics
from kashaf.arabic.analyzer import RULES

CORES = (
    "كتاب مدرسة معلم سيارة قال يقول كتب يكتب مستوى شيء مسؤول قاض هدى أسرة بنت صلاة رأى وعد"
    " قلوب أقلام مفاتيح طوارئ أطباء شبابيك زعانف أفكار تكنولوجيا فلسطيني اسطنبول ديمقراطية"
    " ءَامَنُوا۟ ٱلصَّلَوٰةَ ٱلَّيْلِ هَٰذَا Running École ١٩٧٣ ﷺ ڤيديو"
)

# After a change that is meant: raise RULES, and put the new digest here with it.
PINNED = {3: "dcc36614f5560bcc"}


def test_the_rungs_are_those_of_the_rules_by_number() -> None:
    before, after = ["", *clitics.PROCLITICS], ["", *clitics.ENCLITICS, *clitics.NOUN_ENDINGS, "وا"]
    digest = hashlib.blake2b(digest_size=8)
    for core in CORES.split():
        for word in (first + core + last for first in before for last in after):
            digest.update("\t".join(arabic.rungs(word)).encode() + b"\n")
    assert PINNED.get(RULES) == digest.hexdigest()
