"""The page on formats says what the code does."""

from pathlib import Path

import pytest
from kashaf.index.readers import KINDS, Limits
from kashaf.index.readers.formats import FORMATS

PAGE = Path(__file__).parents[2].joinpath("docs", "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_outcome_is_named(kind):
    assert f"`{kind}`" in PAGE


@pytest.mark.parametrize(
    "form", [form for form in FORMATS if form.module], ids=lambda form: form.name
)
def test_every_format_is_listed(form):
    named = any(f"`{suffix}`" in PAGE for suffix in form.suffixes)
    assert named or any(f"{suffix[1:]}" in PAGE for suffix in form.suffixes)
    assert form.extra is None or f"`{form.extra}`" in PAGE


def test_the_limits_are_those_stated():
    limits = Limits()
    assert f"| {limits.document >> 20} MB |" in PAGE
    assert f"| {limits.file >> 20} MB |" in PAGE
    assert f"| {limits.ratio} times the file, at least {limits.floor >> 20} MB |" in PAGE
    assert f"| {limits.members:,} |" in PAGE
    assert f"| {limits.depth} |" in PAGE
    assert f"| {limits.seconds:.0f} s, and {limits.seconds:.0f} s for each MB |" in PAGE
    assert f"| {limits.memory >> 30} GB |" in PAGE
