"""What is left of HTML when only the words count; and where its links lead."""

from __future__ import annotations

import pytest

from otklik.desk.rules.mail.html_text import text_of_html
from otklik.desk.rules.mail.links import links_in


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Hello", "Hello"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("  a \n  b&nbsp;c  ", "a b c"),
        ("<b>bold</b><i>face</i>", "boldface"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\n  b\n</pre>c", "a\n  b\n\nc"),
        ('<a href="https://x.example/y">here</a>', "here <https://x.example/y>"),
        ('<a href="https://x.example">x.example</a>', "x.example"),
        ('<a href="mailto:v@a.example">v@a.example</a>', "v@a.example"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<blockquote>One<br>Two</blockquote>Answer", "> One\n> Two\n\nAnswer"),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b"),
        ("<style>p{}</style><script>alert('</p>')</script><title>T</title>Hello", "Hello"),
        ("<!-- <p>no</p> -->yes", "yes"),
        ("<!DOCTYPE html><html><body>yes</body></html>", "yes"),
        ('<img src=x alt="Logo"> and <img alt="😀">', "[Logo] and 😀"),
        ("a < b and <3", "a < b and <3"),
        ('<a title="1 > 0" href=x>here</a>', "here"),
        ("<p>cut <a href=", "cut <a href="),
        ("<script>never closed", ""),
        ("<!-- never closed", "<!-- never closed"),
        ("</p></div></blockquote>ok", "ok"),
    ],
)
def test_text_of_html(html: str, text: str) -> None:
    assert text_of_html(html) == text


def test_a_quotation_stays_one_for_whoever_trims_replies() -> None:
    html = (
        '<div dir="ltr">Согласна.</div><div class="gmail_quote"><div>пн, 2 июня 2025 г. в 10:00, Глеб '
        '&lt;<a href="mailto:g@b.example">g@b.example</a>&gt;:<br></div>'
        "<blockquote><p>Когда выплата?</p><p>Глеб</p></blockquote></div>"
    )

    assert text_of_html(html) == (
        "Согласна.\nпн, 2 июня 2025 г. в 10:00, Глеб <g@b.example>:\n\n> Когда выплата?\n>\n> Глеб"
    )


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<a",
        "<!--",
        "</",
        "<a '\"",
        '<a href="',
        "<blockquote>",
        "<script>",
        "&#",
        "<b x='",
        "<a\n",
        "<pre>\n",
        "<ol><li>",
    ],
)
def test_tag_soup_is_read_in_one_pass(piece: str) -> None:
    """What is quadratic in any of these takes minutes here."""
    for html in (piece * 50_000, piece * 50_000 + ">"):
        assert len(text_of_html(html)) <= len(html) * 2


def test_case_38_links_beyond_five_thousand_are_not_looked_at() -> None:
    html = "".join(f'<a href="https://x.example/{n}">' for n in range(5_001))

    assert len(links_in("", html)) == 5_000
    assert len(links_in(" ".join(f"https://x.example/{n}" for n in range(5_001)), "")) == 5_000


def test_links_of_both_forms_are_named_once() -> None:
    html = "<a href='https://x.example/?a=1&amp;b=2'>x</a><a href=http://y.example>y</a><a href='mailto:a@b'>"

    assert links_in("See https://x.example/?a=1&b=2, (http://z.example).", html) == (
        "https://x.example/?a=1&b=2",
        "http://y.example",
        "http://z.example",
    )
