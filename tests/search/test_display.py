"""Text on a terminal, held against the regular expressions that say what is done to it."""

import re

from hypothesis import given
from hypothesis import strategies as st
from kashaf.search.display import harmless, on_one_line

CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
SIGN = "\N{REPLACEMENT CHARACTER}"
TEXTS = (
    st.text(st.sampled_from("a ب\n\t\r\x1b\x85\u00a0\u200f\u202b\u2028\u2067\udc80")) | st.text()
)


@given(TEXTS)
def test_what_steers_a_terminal_is_shown_as_a_sign(text):
    assert harmless(text) == CONTROLS.sub(SIGN, text)


@given(TEXTS)
def test_line_breaks_are_shown_with_the_space_around_them(text):
    assert on_one_line(text) == CONTROLS.sub(SIGN, re.sub(r"\s*\n\s*", " ⏎ ", text))
