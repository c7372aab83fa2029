"""Months by calendar and region: يناير, كانون الثاني and جانفي are one month.

Names in one row are those of one month; the first of a region is its usual one. Names that are
other words too (آب, ماي, صفر) are marked `?`: they stand for a month only beside a number or
the word شهر, and are never offered for another name.
"""

import functools

from .spelling import fold

# Egypt, the Gulf and Sudan; the Levant and Iraq; Algeria and Tunisia; Morocco and Mauritania.
GREGORIAN = """
يناير، كانون الثاني، كانون ثاني، كانون ثان، جانفي
فبراير، فيبراير، شباط، فيفري
مارس، آذار
أبريل، نيسان، أفريل
مايو، أيار، ?ماي
يونيو، يونية، حزيران، ?جوان
يوليو، يولية، تموز، جويلية، يوليوز
أغسطس، أوغسطس، ?آب، ?أوت، غشت، أغشت
سبتمبر، سيبتمبر، أيلول، شتنبر، شتمبر
أكتوبر، تشرين الأول، تشرين أول
نوفمبر، تشرين الثاني، تشرين ثاني، تشرين ثان، نونبر
ديسمبر، دسمبر، كانون الأول، كانون أول، دجنبر، دجمبر
"""

HIJRI = """
محرم الحرام، ?محرم، ?المحرم
صفر الخير، ?صفر
ربيع الأول، ربيع أول
ربيع الآخر، ربيع الثاني، ربيع ثاني
جمادى الأولى، جمادى الأول، جماد الأول
جمادى الآخرة، جمادى الثانية، جمادى الآخر، جماد الثاني، جماد الآخر
رجب الحرام، ?رجب
?شعبان
رمضان، رمضان المبارك
شوال
ذو القعدة، ذي القعدة، ذا القعدة، ذوالقعدة
ذو الحجة، ذي الحجة، ذا الحجة، ذوالحجة
"""

Phrase = tuple[str, ...]


class Month:
    """A month: its number, and its names as folded words."""

    def __init__(self, calendar: str, number: int, row: str) -> None:
        self.calendar, self.number = calendar, number
        named = [name.strip() for name in row.split("،")]
        self.names = [tuple(map(fold, name.lstrip("?").split())) for name in named]
        self.doubtful = {
            phrase for phrase, name in zip(self.names, named, strict=True) if name[0] == "?"
        }

    def others(self, phrase: Phrase) -> tuple[Phrase, ...]:
        """The other names that mean nothing but this month."""
        return tuple(dict.fromkeys(n for n in self.names if n != phrase and n not in self.doubtful))


@functools.cache
def by_name() -> dict[Phrase, Month]:
    """Each name of one or two folded words, with its month."""
    tables = (("gregorian", GREGORIAN), ("hijri", HIJRI))
    months = [
        Month(calendar, number, row)
        for calendar, table in tables
        for number, row in enumerate(table.strip().splitlines(), 1)
    ]
    return {name: month for month in months for name in month.names}
