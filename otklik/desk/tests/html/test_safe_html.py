from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.desk.rules.mail import markup_tidy
from otklik.desk.rules.mail.safe_html import clean_html, frame_document
from otklik.desk.tests.html.allowed import not_allowed

PAYLOADS = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACw="


def read(html: str, **asked: bool) -> str:
    return clean_html(html, inline={"logo": "/desk/part/7"}, **asked).html


def visible(html: str) -> str:
    """What stands outside of folds."""
    return re.sub(r"<[^>]*>", "", re.sub(r"<details class=\"\w+\">.*?</details>", "", html, flags=re.DOTALL))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_case_43_nothing_that_runs_or_loads_is_left(payload: str) -> None:
    for around in ("{}", "<table><tr><td>{}", '<div class="gmail_quote">{}</div>', "<p>до {} после</p>"):
        for load_images in (False, True):
            cleaned = read(around.format(payload), load_images=load_images)

            assert not_allowed(cleaned) == []
            assert not_allowed(read(cleaned, load_images=load_images)) == []


def test_the_battery_is_large_enough() -> None:
    assert len(set(PAYLOADS)) >= 80


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(PAYLOADS), st.text(alphabet="<>/='\"!- ab&;", max_size=8)), max_size=6)
)
def test_pieces_of_attacks_in_any_order_leave_nothing(pieces: list[str]) -> None:
    cut = "".join(piece[: 7 + 5 * place] if place % 2 else piece for place, piece in enumerate(pieces))

    assert not_allowed(read(cut)) == []


def test_links_open_elsewhere_and_tell_nothing() -> None:
    html = read(
        '<a href="https://a.example/?x=1&amp;y=2">x</a><a href="mailto:a@b.example">m</a>'
        '<a href="/admin">r</a>'
    )

    assert html.count('rel="noopener noreferrer nofollow"') == 3
    assert html.count('target="_blank"') == 3
    assert 'href="https://a.example/?x=1&amp;y=2"' in html
    assert 'href="mailto:a@b.example"' in html
    assert "/admin" not in html


def test_case_45_remote_images_wait_until_they_are_asked_for() -> None:
    letter = '<p>x</p><img src="https://t.example/open.gif?id=1" alt="Логотип"><img src="//t.example/b.png">'

    waiting, shown = clean_html(letter), clean_html(letter, load_images=True)

    assert waiting.blocked_images == 2
    assert not re.search(r"\ssrc=", waiting.html)
    assert 'data-blocked-src="https://t.example/open.gif?id=1"' in waiting.html
    assert 'alt="Логотип"' in waiting.html
    assert shown.blocked_images == 0
    assert 'src="https://t.example/open.gif?id=1"' in shown.html
    assert 'src="https://t.example/b.png"' in shown.html


def test_pictures_inside_the_letter_come_from_us() -> None:
    html = read('<img src="cid:logo"><img src="CID:%6c" alt="нет такой"><img src="cid:%6cogo">')

    assert html.count('src="/desk/part/7"') == 2
    assert '<img alt="нет такой">' in html


def test_only_small_pictures_may_be_written_into_the_letter() -> None:
    assert PIXEL in read(f'<img src="{PIXEL}">')
    assert "data:" not in read(f'<img src="{PIXEL}{"A" * 200_000}">')


def test_harmless_looks_are_kept() -> None:
    html = read('<p style="COLOR: Red; font-size:12.0pt; width:50% !important; position:fixed">x</p>')

    assert html == '<p style="color:Red;font-size:12.0pt;width:50%">x</p>'


QUOTES = {
    "Gmail": '<div>{}</div><div class="gmail_quote"><div class="gmail_attr">On 2 Mar, Anna wrote:</div>'
    '<blockquote class="gmail_quote">history</blockquote></div>',
    "Outlook on the web": '<div>{}</div><div id="appendonsend"></div><hr>'
    '<div id="divRplyFwdMsg">history</div><p>history</p>',
    "Outlook on the desktop": '<p>{}</p><div style="border:none;border-top:solid #E1E1E1 1.0pt">'
    "<p>history</p></div><p>history</p>",
    "Outlook, forwarded ids": '<div>{}</div><div id="x_divRplyFwdMsg">history</div><p>history</p>',
    "Apple Mail": '<div>{}</div><blockquote type="cite"><div>history</div></blockquote>',
    "Thunderbird": '<p>{}</p><div class="moz-cite-prefix">history</div>'
    '<blockquote type="cite" cite="mid:1">history</blockquote>',
    "Yandex": '<div>{}</div><div>02.03.2026, 12:00, "Анна" &lt;a@b.example&gt;:</div>'
    "<blockquote><p>history</p></blockquote>",
    "Mail.ru": '<div>{}</div><blockquote style="border-left:1px solid #0857A6">history</blockquote>',
    "Yahoo": '<div>{}</div><div class="yahoo_quoted">history</div>',
    "Proton": '<div>{}</div><div class="protonmail_quote">history</div>',
}


@pytest.mark.parametrize("client", QUOTES)
def test_case_46_history_is_folded_and_not_deleted(client: str) -> None:
    cleaned = clean_html(QUOTES[client].format("answer"))

    assert cleaned.has_quote
    assert "answer" in visible(cleaned.html)
    assert "history" not in visible(cleaned.html)
    assert cleaned.html.count("history") == QUOTES[client].count("history")
    assert not_allowed(cleaned.html) == []


@pytest.mark.parametrize("client", ["Gmail", "Apple Mail", "Thunderbird", "Yandex", "Mail.ru"])
def test_an_answer_under_the_quote_stays_in_sight(client: str) -> None:
    html = QUOTES[client].format("greeting")
    below = html.removesuffix("</div>") + "<div>answer</div>" + ("</div>" if html.endswith("</div>") else "")

    assert "answer" in visible(clean_html(below).html)


def test_answers_between_quotes_stay_in_sight() -> None:
    html = clean_html(
        '<div class="gmail_quote"><div class="gmail_attr">On 2 Mar, Anna wrote:</div>'
        '<blockquote class="gmail_quote">first</blockquote><div>one</div>'
        '<blockquote class="gmail_quote">second</blockquote><div>two</div></div>'
    ).html

    assert "one" in visible(html)
    assert "two" in visible(html)
    assert "first" not in visible(html)
    assert "second" not in visible(html)


def test_case_46_a_signature_is_folded_and_is_no_quote() -> None:
    cleaned = clean_html('<p>answer</p><div class="gmail_signature">Вера, Аврора</div><p>P.S. ещё</p>')

    assert not cleaned.has_quote
    assert "Вера" not in visible(cleaned.html)
    assert "Вера, Аврора" in cleaned.html
    assert "P.S. ещё" in visible(cleaned.html)


def test_an_indented_paragraph_is_no_quote() -> None:
    assert not clean_html("<p>Пункт первый</p><blockquote>с отступом</blockquote>").has_quote


@pytest.mark.parametrize("above", ["", "<p>FYI</p>"])
def test_a_forwarded_letter_under_a_word_is_shown_open(above: str) -> None:
    html = clean_html(
        f'{above}<div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>'
        "From: client</div><p>I cannot pay</p></div>"
    ).html

    assert '<details class="quote" open="">' in html


HOSTILE = {
    "nested blocks": "<div>" * 100_000,
    "ampersands": "&" * 5_000_000,
    "angles": "<" * 1_000_000,
    "unclosed formatting": "<p><b title=1>" * 100_000,
    "unclosed quotes": '<a b="' * 500_000,
    "unclosed comments": "<!--" * 500_000,
    "cells that hide the depth": "<div><table><tr><td></div>" * 50_000,
    "attributes": "<p " + "a=b " * 500_000 + ">",
    "no-break spaces": "\xa0" * 1_000_000,
    "folds": '<blockquote type="cite">x</blockquote>' * 20_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_bulk_reaches_the_sanitiser_bounded(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    deepest = 0
    push = markup_tidy.Tree.push

    def watched(tree: markup_tidy.Tree, tag: str, markup: str) -> None:
        nonlocal deepest
        push(tree, tag, markup)
        deepest = max(deepest, len(tree.open))

    monkeypatch.setattr(markup_tidy.Tree, "push", watched)

    cleaned = clean_html(HOSTILE[kind])

    assert deepest <= markup_tidy.MAX_DEPTH + 1
    assert len(re.findall("<[a-z]", cleaned.html)) <= 3 * markup_tidy.MAX_TAGS


def test_after_the_last_tag_that_is_read_words_are_kept() -> None:
    html = read("<b>x</b>" * (markup_tidy.MAX_TAGS // 2 + 5) + "<script>конец</script>")

    assert html.endswith(" конец ")
    assert not_allowed(html) == []


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_the_frame_forbids_everything_but_what_it_shows(theme: str) -> None:
    clean = clean_html(
        f'<p>x</p><img src="cid:logo"><img src="{PIXEL}"><img src="https://t.example/a.png">',
        load_images=True,
        inline={"logo": "https://help.example/desk/part/7"},
    )

    page = frame_document(clean, title='</title><script>alert(1)</script>"', theme=theme)

    assert (
        "default-src 'none'; img-src data: https://help.example https://t.example; style-src 'unsafe-inline'"
        in page
    )
    assert page.index("Content-Security-Policy") < page.index("<title>") < page.index("<p>x</p>")
    assert "<script" not in page
    assert "color-scheme" in page


def test_blocked_images_are_not_in_the_policy() -> None:
    page = frame_document(clean_html('<img src="https://t.example/a.png">'), title="x", theme="light")

    assert "img-src data:;" in page
