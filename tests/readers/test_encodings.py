"""Fifty texts in every encoding, whole and short; text spoilt by wrong conversions; noise."""

import importlib.util
import random
import re
from pathlib import Path

import pytest
from kashaf.index.readers import Document, Options, Skipped, bytes_source, read
from kashaf.index.readers.encoding import decode
from kashaf.index.readers.model import Unreadable
from kashaf.index.readers.mojibake import mend
from kashaf.index.readers.plausibility import score

_spec = importlib.util.spec_from_file_location("shapes", Path(__file__).with_name("shapes.py"))
shapes = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shapes)

ENCODINGS = [
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "windows-1256",
    "iso-8859-6",
    "mac_arabic",
    "cp720",
    "cp864",
]


def encoded(text, encoding):
    """Return what of the text the encoding can say, and its bytes."""
    if encoding == "cp864":
        return shapes.to_cp864(text)
    said = "".join(char for char in text if char.encode(encoding, "ignore"))
    return said, said.encode(encoding)


def right(texts, encoding):
    count = 0
    for text in texts:
        said, data = encoded(text, encoding)
        try:
            count += decode(data).text == said
        except Unreadable:
            continue
    return count


def sentences(text, count):
    return " ".join(re.split(r"(?<=[.؟!])\s", text)[:count])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_fifty_texts(encoding, texts):
    assert right(texts, encoding) >= 49


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_sentence_or_two(encoding, count, texts):
    assert right([sentences(text, count) for text in texts], encoding) >= 49


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_five_words(encoding, texts):
    # MacArabic, CP864 and ISO-8859-6 share the codes of most letters: a few words may fit two.
    least = 43 if encoding == "cp864" else 48
    assert right([" ".join(text.split()[:5]) for text in texts], encoding) >= least


def test_the_choice_is_reported(texts):
    [item] = read(bytes_source("a.txt", encoded(texts[0], "windows-1256")[1]))
    [note] = item.notes
    assert re.fullmatch(r"read as windows-1256 \(confidence (1\.00|0\.9\d)\)", note)


def test_a_stated_encoding_is_obeyed(texts):
    said, data = encoded(texts[1], "iso-8859-6")
    [item] = read(bytes_source("a.txt", data), Options(encoding="iso-8859-6"))
    assert item.fields["body"] == said
    [skipped] = read(bytes_source("a.txt", data), Options(encoding="no-such"))
    assert skipped.kind == "encoding"


def test_records_in_every_encoding(texts):
    for encoding in ("utf-16", "windows-1256", "cp720"):
        said, _ = encoded(sentences(texts[4], 1), encoding)
        [item] = read(bytes_source("a.jsonl", f'{{"body": "{said}"}}'.encode(encoding)))
        assert item.fields["body"] == said


def test_utf8_with_a_few_broken_characters(texts):
    data = texts[2].encode()
    [item] = read(bytes_source("a.txt", data[:100] + b"\xff" + data[101:]))
    assert "broken characters" in " ".join(item.notes)
    assert item.fields["body"].count("\ufffd") <= 2
    assert decode(data[:-1]).text[:-1] == texts[2][: len(decode(data[:-1]).text) - 1]


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Le garçon a été très étonné par la forêt où il était né", "latin-1", None),
        ("Die Größe der Städte für alle Bürger ändert sich", "latin-1", None),
        ("Привет, это обычный русский текст, написанный для проверки кодировки.", "cp1251", None),
    ],
)
def test_other_languages(text, encoding, found):
    assert decode(text.encode(encoding)).text == text


SPOILT = [
    ("utf-8", "latin-1"),
    ("utf-8", "windows-1256"),
    ("windows-1256", "latin-1"),
    ("windows-1256", "cp1252"),
]


@pytest.mark.parametrize(("true", "read_as"), SPOILT)
def test_mojibake_is_mended(true, read_as, texts):
    good = 0
    for text in texts:
        said, data = encoded(text, true)
        spoilt = data.decode(read_as, "replace")
        if "\ufffd" in spoilt:
            good += 1  # letters are lost: nothing to mend from
            continue
        mended, notes = mend(spoilt)
        good += mended == said and bool(notes)
    assert good >= 49


def test_mojibake_made_twice_is_mended(texts):
    spoilt = texts[0].encode().decode("latin-1").encode().decode("latin-1")
    assert mend(spoilt)[0] == texts[0]


def test_mojibake_on_some_lines_is_mended_there(texts):
    spoilt = texts[0] + "\n" + texts[1].encode().decode("windows-1256") + "\n" + texts[2]
    assert mend(spoilt)[0] == "\n".join(texts[:3])


def test_mojibake_past_mending_is_refused(texts):
    spoilt = texts[0].encode("cp1256").decode("ascii", "replace")
    [item] = read(bytes_source("a.txt", spoilt.encode()))
    assert item.kind == "mojibake"
    asked = re.sub("[ء-ي]", "?", texts[0])
    [item] = read(bytes_source("a.txt", asked.encode()))
    assert item.kind == "mojibake"


def test_mojibake_in_records_is_mended(texts):
    spoilt = texts[5].encode().decode("windows-1256")
    line = '{"title": "' + spoilt.replace('"', "'") + '"}'
    [item] = read(bytes_source("a.jsonl", line.encode()))
    assert item.fields["title"] == texts[5]


def test_sound_text_is_left_alone(texts):
    for text in [*texts, "Ça où été", "naïve façade — Ångström", "ظ§ ط§", "Größe ÄÖÜ"]:
        assert mend(text) == (text, [])


def test_noise_is_never_a_document():
    chance = random.Random(11)
    for size in (1, 3, 8, 40, 200, 5000):
        for _ in range(40):
            data = chance.randbytes(size)
            if data.isascii():
                continue
            [item] = read(bytes_source("a.txt", data))
            assert isinstance(item, Skipped) or len(data) < 9, data


def test_noise_without_control_characters_is_never_a_document():
    chance = random.Random(12)
    for size in (40, 200, 5000):
        for _ in range(20):
            data = bytes(chance.choice([*range(32, 127), *range(128, 256)]) for _ in range(size))
            [item] = read(bytes_source("a.txt", data))
            assert not isinstance(item, Document), data


def test_the_model_prefers_arabic_forwards(texts):
    for text in texts:
        line = text.split("\n")[0]
        assert score(line) > score(line[::-1]) + 0.3
