import pytest
from hypothesis import given
from hypothesis import strategies as st

from localize.formats.markup import plain


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (r"{\b1}No!{\b0}", "No!"),
        (r"{\an8\fs20}Three years later", "Three years later"),
        (r"{\an8Three years later", "Three years later"),
        ("{Y:i}Hm.", "Hm."),
        (r"You lied.\NTo me.", "You lied.\nTo me."),
        ("You lied.<br/>To me.\r\n\r\n", "You lied.\nTo me."),
        ("<i>He <b>knows</b>.</i> <font color='red'>Run</font>", "He knows. Run"),
        ("<v Ana>Hi <c.yellow>you</c>, <00:00:01.500>there", "Hi you, there"),
        ("Tom &amp; Ana &lt;3", "Tom & Ana <3"),
        ("{sigh} I <3 you, a < b & AT&T <sigh>", "{sigh} I <3 you, a < b & AT&T <sigh>"),
        (r"50\50 or C:\dir", r"50\50 or C:\dir"),
        (r"a\hb  c", "a b c"),
        ("<i></i>", ""),
    ],
)
def test_codes_go_and_words_stay(typed: str, read: str) -> None:
    assert plain(typed) == read


@given(st.text(st.characters(exclude_characters="{}<>&\\", exclude_categories=["Cc", "Z"]), max_size=30))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert plain(text) == text
