"""Addresses in texts are links, also beside full-width signs."""

import pytest
from django.utils.safestring import mark_safe

from privacy.templatetags.links import linked

URL = '<a href="http://a.test/b/" rel="nofollow">http://a.test/b/</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("在此向我们投诉：http://a.test/b/", f"在此向我们投诉：{URL}"),
        ("请打开（http://a.test/b/），谢谢。", f"请打开（{URL}），谢谢。"),
        ("Complain here: http://a.test/b/.", f"Complain here: {URL}."),
        ("<b>：http://a.test/b/", f"&lt;b&gt;：{URL}"),
        (mark_safe("<b>：http://a.test/b/"), f"<b>：{URL}"),
    ],
)
def test_an_address_is_a_link_and_nothing_else_is_markup(text: str, shown: str):
    assert linked(text) == shown
