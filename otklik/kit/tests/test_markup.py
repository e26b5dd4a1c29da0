"""What partners and staff write in markdown reaches a page as a few harmless tags."""

from __future__ import annotations

from time import process_time

import pytest

from otklik.kit.markup import html_of, text_of


@pytest.mark.parametrize(
    "written",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://tracker.example/p.gif)",
        "![x](//tracker.example/p.gif)",
        '[x](https://a.example "\\"onmouseover=alert(1)")',
        "<https://a.example/\"onmouseover='alert(1)'>",
        "<svg/onload=alert(1)>",
        "```<script>\n</code></pre><script>alert(1)</script>\n```",
    ],
)
def test_nothing_that_runs_or_tells_on_the_reader_is_left(written: str) -> None:
    html = html_of(written).lower()
    for banned in ("<script", "<svg", 'href="javascript', 'href="data', 'src="http', 'src="//'):
        assert banned not in html
    assert " onerror=" not in html.replace("&lt;img src=x onerror=", "")
    assert "<img src=x" not in html


def test_what_people_write_is_kept() -> None:
    html = html_of(
        "# News\n\nNew **rates** from [our page](https://a.example/x)\nand on\n\n- one\n- two\n\n"
        "|a|b|\n|-|-|\n|1|2|"
    )
    assert "<h2>News</h2>" in html
    assert "<strong>rates</strong>" in html
    assert '<a href="https://a.example/x" rel="noopener noreferrer nofollow">our page</a><br' in html
    assert "<li>one</li>" in html
    assert "<td>2</td>" in html
    assert '<img src="/portal/files/1/"' in html_of("![map](/portal/files/1/)")


def test_a_mail_gets_words_without_marks() -> None:
    text = text_of(
        "# News\n\nNew **rates**, *soon*: [our page](https://a.example/x)\n\n\n\n> quoted `code` a_b_c 2*3*4"
    )
    assert text == "News\n\nNew rates, soon: our page (https://a.example/x)\n\nquoted code a_b_c 2*3*4"


@pytest.mark.parametrize("piece", ["[a](", "![x](", "!["])
def test_brackets_by_the_thousand_keep_no_reader_waiting(piece: str) -> None:
    began = process_time()
    text_of(piece * (12_000 // len(piece)))
    assert process_time() - began < 1


def test_a_text_with_files_shows_its_own_pictures_and_no_other() -> None:
    files = {"карта 1.png": "/portal/learn/files/7/", "rates.pdf": "/portal/learn/files/8/"}
    html = html_of(
        "![Map](<карта 1.png>) ![*Spy*](/portal/sign-out/) ![x](other.png) [Rates](rates.pdf) "
        "[home](https://a.example/)",
        files=files,
    )
    assert html.count("<img") == 1
    assert '<img src="/portal/learn/files/7/" alt="Map">' in html
    assert "<em>Spy</em>" in html
    assert 'href="/portal/learn/files/8/"' in html
    assert 'href="https://a.example/"' in html
