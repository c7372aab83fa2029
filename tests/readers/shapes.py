"""Writing text in CP864, which has drawn shapes in place of letters, for the tests."""

import unicodedata

RIGHT_ONLY = "اأإآدذرزوؤةىء"
_NAMES = {
    (unicodedata.normalize("NFKC", char), unicodedata.name(char).rsplit(" ", 2)[1]): code
    for code in range(0x80, 0x100)
    for char in [bytes([code]).decode("cp864", "ignore")]
    if char and char >= "\ufe70"
}
_LIKELY = {
    (False, False): ("ISOLATED", "FINAL"),
    (False, True): ("INITIAL", "MEDIAL", "ISOLATED"),
    (True, False): ("FINAL", "ISOLATED"),
    (True, True): ("MEDIAL", "INITIAL", "FINAL", "ISOLATED"),
}


def to_cp864(text):
    """Return what of the text CP864 can say, and its bytes."""
    said, data = [], bytearray()
    units = _units(text)
    for number, unit in enumerate(units):
        before = units[number - 1] if number else " "
        after = units[number + 1] if number + 1 < len(units) else " "
        code = _code(unit, _joins(before), _is_letter(after) and _joins(unit))
        if code is not None:
            said.append(unit)
            data.append(code)
    return "".join(said), bytes(data)


def _units(text):
    units = []
    for char in text:
        if unicodedata.category(char) == "Mn":
            continue
        if units and units[-1] == "ل" and char in "اأآ":
            units[-1] += char
        else:
            units.append(char)
    return units


def _is_letter(unit):
    return unicodedata.category(unit[0]) == "Lo" and unit != "ء"


def _joins(unit):
    return _is_letter(unit) and unit[-1] not in RIGHT_ONLY


def _code(unit, joined, joining):
    if unit.isascii() and unit != "%":
        return ord(unit)
    for shape in _LIKELY[joined and _is_letter(unit), joining]:
        if (unit, shape) in _NAMES:
            return _NAMES[unit, shape]
    plain = unit.encode("cp864", "ignore")
    return plain[0] if len(plain) == 1 else None
